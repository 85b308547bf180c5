"""Contrast inside SVG: checkers of accessibility look past it, so it is computed from what the browser would paint."""

from typing import Any

from playwright.sync_api import Page

from dashboard.maps.twin import OUTLINE_PX

TEXT, MARK = 4.5, 3.0
Found = dict[str, list[list[Any]]]

# Lines in `hairline` guide the eye along an axis or between rows, and water is the ground of a map: they carry no
# meaning of their own, nor does the light band between two lines that are marks.
_READ = r"""PICTURES => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((one, place) => place < 3 ? one : one / 255);
  };
  const over = (top, under, opacity) => {
    const part = top[3] * opacity;
    return [0, 1, 2].map(i => top[i] * part + under[i] * (1 - part)).concat(1);
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgba(getComputedStyle(at).backgroundColor);
      if (found[3] > 0.99) return found;
    }
    return rgba(getComputedStyle(document.documentElement).getPropertyValue("--ground"));
  };
  const named = Object.fromEntries(["hairline", "water", "missing"].map(name =>
    [name, rgba(getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim() || "#123456").join()]));
  named.lightwater = rgba("#a9cbe8").join();
  const round = value => Math.round(value * 100) / 100;
  const results = {texts: [], marks: [], edges: [], overlaps: []};
  for (const svg of document.querySelectorAll(PICTURES)) {
    const box = svg.getBoundingClientRect();
    if (box.width < 50) continue;
    const key = svg.closest("figure")?.id || "";
    const behind = ground(svg), isMap = svg.classList.contains("obs-map");
    const shapes = [...svg.querySelectorAll("path, rect, circle, line, text")].filter(one =>
      !one.closest("defs, clipPath") && getComputedStyle(one).visibility !== "hidden");
    const boxes = [];
    const drawn = shapes.filter(one => one.tagName === "path" && getComputedStyle(one).fill === "none");
    const line = drawn.find(one => Math.abs(parseFloat(getComputedStyle(one).strokeWidth) - OUTLINE_PX) < 0.01);
    const outline = line ? rgba(getComputedStyle(line).stroke) : null;
    shapes.forEach((shape, place) => {
      const style = getComputedStyle(shape);
      const opacity = Number(style.opacity || 1);
      const fill = style.fill === "none" ? null : rgba(style.fill);
      const stroke = style.stroke === "none" || !parseFloat(style.strokeWidth) ? null : rgba(style.stroke);
      if (shape.tagName === "text") {
        const words = shape.textContent.trim();
        if (!words || !opacity || !fill || !fill[3]) return;
        // A halo lies beneath the same words, in the colour of the ground.
        const next = shapes.slice(place + 1).some(one => one.tagName === "text" && one.textContent.trim() === words);
        if (next && stroke && stroke.join() === fill.join()) return;
        const at = shape.getBoundingClientRect();
        const point = new DOMPoint(at.x + at.width / 2, at.y + at.height / 2);
        const rim = stroke && style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) >= 2;
        let under = behind;
        for (const one of shapes.slice(0, place)) {
          if (one.tagName === "text") continue;
          const its = getComputedStyle(one);
          if (its.fill === "none" || !one.isPointInFill) continue;
          const local = point.matrixTransform(one.getScreenCTM().inverse());
          const part = Number(its.fillOpacity) * Number(its.opacity);
          if (one.isPointInFill(local)) under = over(rgba(its.fill), under, part);
        }
        if (rim) under = over(stroke, under, 1);
        const size = parseFloat(style.fontSize) * (at.height ? box.width / svg.viewBox.baseVal.width : 1);
        results.texts.push([key, words, round(contrast(over(fill, under, opacity), under)), round(size)]);
        for (const [other, theirs] of boxes) {
          const wide = Math.min(at.right, theirs.right) - Math.max(at.left, theirs.left);
          const high = Math.min(at.bottom, theirs.bottom) - Math.max(at.top, theirs.top);
          if (wide > 2 && high > 4 && other !== words)
            results.overlaps.push([key, other, words, round(wide), round(high)]);
        }
        boxes.push([words, at]);
        if (at.left < box.left - 2 || at.right > box.right + 2) results.overlaps.push([key, words, "cut", 0, 0]);
        return;
      }
      // Vega lays a ground nobody sees beneath each view.
      if (!fill?.[3] && !stroke?.[3] || !opacity) return;
      const parts = [fill && over(fill, behind, Number(style.fillOpacity) * opacity),
                     stroke && over(stroke, behind, Number(style.strokeOpacity) * opacity)].filter(Boolean);
      if (!parts.length || shape.getBoundingClientRect().width + shape.getBoundingClientRect().height < 1) return;
      const names = [fill, stroke].filter(Boolean).map(one => one.join());
      const role = names.includes(named.hairline) ? "hairline"
        : names.includes(named.water) || names.includes(named.lightwater) ? "water"
        : isMap && fill && fill[3] > 0.5 && shape.getBoundingClientRect().width > 15 ? "area"
        : fill && Number(style.fillOpacity) * opacity < 0.5 && !stroke ? "band" : "mark";
      if (isMap && shape.tagName === "path" && !fill && role === "mark") return;
      if (role === "area" && shape.tagName === "path") {
        // Whatever lies on either side of an edge, the light or the dark line of its outline stands out from it.
        const lines = [stroke, outline];
        results.edges.push([key, round(Math.min(...[parts[0], behind].map(side =>
          Math.max(...lines.map(line => line ? contrast(line, side) : 1)))))]);
      }
      const best = Math.max(...parts.map(part => contrast(part, behind)));
      results.marks.push([key, shape.tagName, role, round(best), stroke ? stroke.slice(0, 3).join() : "",
                          fill ? fill.slice(0, 3).join() : ""]);
    });
  }
  return results;
}"""


def painted(page: Page, pictures: str) -> Found:
    """Return what the pictures that a selector names show.

    Returns
    -------
    Lists: `texts` (figure, words, contrast, size in px), `marks` (figure, tag, role, contrast, stroke, fill), `edges`
    of areas (figure, contrast), and `overlaps` of texts, or texts cut at a side (figure, words, words, px, px).
    """
    found: Found = page.evaluate(_READ.replace("OUTLINE_PX", str(OUTLINE_PX)), pictures)
    return found


def faint(found: Found) -> list[list[Any]]:
    """Return the texts, marks and edges of areas that do not stand out as they must."""
    marks = [one for one in found["marks"] if one[2] == "mark"]
    assert marks or found["edges"]
    return [
        *(one for one in found["texts"] if one[2] < TEXT),
        *(one for one in marks if one[3] < MARK),
        *(one for one in found["edges"] if one[1] < MARK),
    ]
