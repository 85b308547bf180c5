// Notes when heading, panel, charts and map of a page last changed, and when the frame that shows it had been produced.
// Injected before the page's own scripts; what it observes is told in browser.py.
(() => {
  const DECK = "[data-testid=stDeckGlJsonChart]", CHART = "[data-testid=stVegaLiteChart]";
  const PANEL = ".obs-panel, [data-testid=stMetric]", APP = "[data-testid=stApp]";
  const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent).join(" ");
  let clicked = 0, painted = {}, pending = {}, last = 0, known = {}, inFrame = false, unseen = 0;

  const nextFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => nextFrame((time) => {
    inFrame = true;
    try { callback(time); } finally { inFrame = false; }
  });

  function changed(region) {
    last = performance.now();
    if (!clicked || pending[region]) return;
    pending[region] = true;
    unseen += 1;
    const drawn = () => { unseen -= 1; painted[region] = last = performance.now(); };
    const before = () => { pending[region] = false; nextFrame(drawn); };
    // A change in a frame callback is shown by that very frame; any other by the frame that comes next.
    // Either way the callback of the frame after it tells that the frame has been handed over.
    if (inFrame) Promise.resolve().then(before); else nextFrame(before);
  }

  function compare() {
    for (const [region, selector] of [["heading", "h1"], ["panel", PANEL]]) {
      const now = text(selector);
      if (now !== known[region]) { known[region] = now; changed(region); }
    }
  }

  function chartOf(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return element?.closest(CHART) ?? element?.querySelector?.(CHART) ?? null;
  }

  function onMutations(records) {
    compare();
    const charts = new Set();
    for (const record of records) {
      const inside = (record.target.parentElement ?? document.body).closest(CHART);
      if (inside) charts.add(inside);
      else for (const node of record.addedNodes) { const chart = chartOf(node); if (chart) charts.add(chart); }
    }
    const all = [...document.querySelectorAll(CHART)];
    for (const chart of charts) changed(chart === all.at(-1) ? "programmes" : "other charts");
  }

  document.addEventListener("DOMContentLoaded", () => {
    compare();
    new MutationObserver(onMutations).observe(document.body,
      { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["d", "transform", "class"] });
  });

  // A pointer pressed on an option starts the clock: earlier than its click, so never in our favour.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.("[role=option]")) { clicked = event.timeStamp; painted = {}; }
  }, { capture: true });

  // Draws to the screen only: deck also draws off screen, to know what lies under the pointer.
  const gl = WebGL2RenderingContext.prototype, offScreen = new WeakSet();
  const bind = gl.bindFramebuffer;
  gl.bindFramebuffer = function (target, buffer) {
    if (target !== this.READ_FRAMEBUFFER) buffer ? offScreen.add(this) : offScreen.delete(this);
    return bind.call(this, target, buffer);
  };
  for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = gl[name];
    gl[name] = function (...rest) {
      if (!offScreen.has(this) && this.canvas.closest?.(DECK)) changed("map");
      return draw.apply(this, rest);
    };
  }

  const whole = (name) => text("h1").includes(name) && ["heading", "panel", "programmes", "map"].every((r) => painted[r]);
  const atRest = (quiet) => unseen === 0 && performance.now() - last > quiet &&
    document.querySelector(APP)?.dataset.testScriptState === "notRunning";

  window.benchmark = {
    // Resolves once the page shows the district and nothing has changed for `quiet` ms: ms from click to paint by region.
    settled: (name, quiet, within) => new Promise((resolve) => {
      const began = performance.now();
      const look = () => {
        const late = performance.now() - began > within;
        if (!late && !(whole(name) && atRest(quiet))) return setTimeout(look, 50);
        resolve({ complete: !late, heading: text("h1"),
          painted: Object.fromEntries(Object.entries(painted).map(([r, t]) => [r, t - clicked])) });
      };
      look();
    }),
    chart: () => [...document.querySelectorAll(CHART)].at(-1)?.innerHTML ?? "",
  };
})();
