// Tells the page around the frame how high the figure is, whenever that changes: a number, nothing of the reader.
"use strict";

if (window.parent !== window) {
  const tell = () =>
    window.parent.postMessage(
      { type: "observatoire:hauteur", height: Math.ceil(document.documentElement.getBoundingClientRect().height) },
      "*",
    );
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
}
