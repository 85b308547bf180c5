"""Files to run the server by: every setting is told, every command is the one that is tested, nothing is left out."""

import configparser
import re
import subprocess

from data.settings import ROOT

DEPLOY = ROOT / "dashboard" / "deploy"
SETTINGS = (DEPLOY / "observatory.env").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
NAME = re.compile(r"OBSERVATORY_[A-Z_]+")
SERVE = re.compile(r"uvicorn dashboard\.server:app --host \S+ --port \S+ (--[^\"\n]*)")


def test_the_file_of_settings_tells_all_that_code_reads_and_no_other() -> None:
    read = {name for folder in ("dashboard", "data", "etl") for file in (ROOT / folder).rglob("*.py")
            for name in re.findall(r"[\"'](OBSERVATORY_[A-Z_]+)[\"']", file.read_text())}  # fmt: skip
    told = set(re.findall(r"^#?(OBSERVATORY_[A-Z_]+)=", SETTINGS, re.MULTILINE))
    assert told == read - {"OBSERVATORY_BENCH"}, "the benchmark alone sets its own"
    readme = set(NAME.findall((ROOT / "README.md").read_text()))
    assert readme <= read


def test_every_setting_is_explained_above_it_and_off() -> None:
    lines = SETTINGS.splitlines()
    for place, line in enumerate(lines):
        if NAME.match(line.lstrip("#")):
            assert line.startswith("#")
            assert re.match(r"# \S", lines[place - 1]) or NAME.match(lines[place - 1].lstrip("#")), line


def test_every_way_to_start_is_the_same() -> None:
    service = configparser.ConfigParser(strict=False, interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(DEPLOY / "observatory.service")
    texts = (MAKEFILE, (DEPLOY / "Containerfile").read_text(), service["Service"]["ExecStart"])
    found = [SERVE.search(text) for text in texts]
    assert all(found)
    flags = [set(one[1].split()) for one in found if one]
    assert all(flags[0] <= each for each in flags)
    assert {"--no-access-log", "--no-server-header"} <= flags[0]
    assert service["Service"]["NoNewPrivileges"] == "yes"
    assert service["Service"]["EnvironmentFile"] == "-/etc/observatory/observatory.env"


def test_the_image_holds_all_code_and_no_release() -> None:
    copied = set(re.findall(r"^COPY (\S+)", (DEPLOY / "Containerfile").read_text(), re.MULTILINE))
    tracked = subprocess.run(["git", "ls-files", "data", "dashboard", "etl", "pages", ".streamlit", "requirements.txt"],
                             cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()  # fmt: skip
    left = [name for name in tracked if not any(
        name == one or name.startswith(f"{one}/") or (one == "data/*.py" and re.fullmatch(r"data/[^/]+\.py", name))
        for one in copied)]  # fmt: skip
    assert left == []
    assert "data" not in copied
