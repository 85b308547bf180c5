"""Colours of the themes: even steps of lightness, readable on white, told apart with any colour vision and in grey."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.theme import INKS, Mode, mark
from data.definitions import load_catalogue
from data.settings import CATALOGUE

THEMES = load_catalogue(CATALOGUE).themes

# sRGB to CIE XYZ under D65 (IEC 61966-2-1).
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _cielab(linear: np.ndarray) -> np.ndarray:
    relative = XYZ @ np.clip(linear, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _contrast_on_white(colour: str) -> float:
    return float(1.05 / (XYZ[1] @ _linear(colour) + 0.05))


def test_the_conversion_knows_white_black_and_red() -> None:
    assert _cielab(_linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert _cielab(_linear("#000000")) == pytest.approx([0, 0, 0], abs=0.01)
    assert _cielab(_linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert _contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_the_simulation_keeps_greys_and_merges_red_with_green() -> None:
    red, green = _linear("#ff0000"), _linear("#00ff00")
    for matrix in DEFICIENCIES.values():
        assert matrix @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-5)
    seen = DEFICIENCIES["deuteranopia"]
    apart = np.linalg.norm(_cielab(red) - _cielab(green))
    assert np.linalg.norm(_cielab(seen @ red) - _cielab(seen @ green)) < apart / 2


@pytest.mark.parametrize("theme", THEMES)
def test_classes_darken_by_14_or_more(theme: str) -> None:
    lightness = [_cielab(_linear(colour))[0] for colour in THEMES[theme].colours]
    assert min(light - dark for light, dark in pairwise(lightness)) >= 14


@pytest.mark.parametrize("theme", THEMES)
def test_fourth_class_marks_and_fifth_writes_on_white(theme: str) -> None:
    *_, mark, text = THEMES[theme].colours
    assert _contrast_on_white(mark) >= 5.2
    assert _contrast_on_white(text) >= 9.9


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
def test_neighbouring_classes_stay_apart_in_every_colour_vision(theme: str, deficiency: str) -> None:
    seen = [_cielab(DEFICIENCIES[deficiency] @ _linear(colour)) for colour in THEMES[theme].colours]
    assert min(np.linalg.norm(one - other) for one, other in pairwise(seen)) >= 10


def _seen(colour: str) -> dict[str, np.ndarray]:
    """Return a colour as eyes of every kind see it, and as it is printed in grey."""
    linear = _linear(colour)
    seen = {name: _cielab(matrix @ linear) for name, matrix in DEFICIENCIES.items()}
    lightness = _cielab(linear)[0]
    return {"": _cielab(linear), **seen, "grey": np.array([lightness, 0, 0])}


# A bar stands beside those of its peers, a line beside that of the whole city, a track beside water.
BESIDE = [(other, theme) for other in ("peer", "ink") for theme in THEMES] + [("rail", "water")]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("one", "other"), BESIDE)
def test_what_stands_side_by_side_stays_apart_in_every_colour_vision_and_in_grey(
    one: str, other: str, mode: Mode
) -> None:
    beside = _seen(INKS[mode][other] if other in INKS[mode] else mark(other, mode))
    apart = {eyes: np.linalg.norm(seen - beside[eyes]) for eyes, seen in _seen(INKS[mode][one]).items()}
    assert len(apart) == 5
    assert min(apart.values()) >= 10


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_grey_of_peers_stands_out_from_its_ground(mode: Mode) -> None:
    light, dark = sorted((XYZ[1] @ _linear(INKS[mode][name]) for name in ("peer", "ground")), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3
