// The wall screen: shows the slides in turn, asks the server for newer ones and takes them between two slides.
// It never reloads the page: an answer that is not whole is thrown away, and what is shown stays.
"use strict";

(() => {
  if (window.stopWall) window.stopWall();

  const ANSWER_MS = 30000, LONGEST_MS = 60000, PAUSE_MS = 600000, MINUTE_MS = 60000, DAY_MS = 86400000;
  // English dates as Europe writes them: 11 March.
  const LOCALE = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
  const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit", hourCycle: "h23" });
  const DAY = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long" });
  const show = {}; // the parts of the document, taken anew after each swap
  const state = {
    place: -1, shownAt: 0, polledAt: -Infinity, heardAt: Date.now(), tickedAt: Date.now(), failed: false, asking: false,
    next: null, keptVersion: "", pausedUntil: 0, timer: 0, stopped: false,
  };

  function take() {
    show.wall = document.getElementById("wall");
    show.slides = [...show.wall.querySelectorAll(".slide")];
    show.clock = show.wall.querySelector(".wall-clock");
    show.banner = show.wall.querySelector(".wall-banner");
    show.told = show.wall.dataset;
    state.place = -1;
  }

  function fill(words, parts) {
    return words.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  }

  function timeOf(date) {
    const parts = Object.fromEntries(CLOCK.formatToParts(date).map((part) => [part.type, part.value]));
    return fill(show.told.clock, parts);
  }

  function setText(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  // A promise whose last day has passed says something untrue: it is left out until the server has judged it anew.
  function isTrue(slide, now) {
    const until = slide.dataset.until, day = new Date(now);
    const pad = (part) => String(part).padStart(2, "0");
    return !until || `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}` <= until;
  }

  function advance(now) {
    if (state.next) swap();
    const count = show.slides.length;
    for (let step = 1; step <= count; step += 1) {
      const place = (state.place + step) % count;
      if (isTrue(show.slides[place], now)) {
        state.place = place;
        break;
      }
    }
    show.slides.forEach((slide, place) => slide.classList.toggle("shown", place === state.place));
    state.shownAt = now;
  }

  function swap() {
    const { wall, mode, title, style, script } = state.next;
    const old = document.querySelector("link[rel=stylesheet]");
    state.next = null;
    show.wall.replaceWith(document.adoptNode(wall));
    document.documentElement.dataset.mode = mode;
    document.title = title;
    if (style && style !== old) old.remove();
    take();
    if (script) {
      const element = document.createElement("script");
      element.src = script;
      document.body.append(element);
    }
  }

  // The one sentence that matters most: there is room for one.
  function bannerWords(now) {
    const told = show.told, silence = now - state.heardAt;
    if (state.failed && !state.heardAt) return told.silentRestart;
    if (state.failed && silence > told.silenceMinutes * MINUTE_MS) {
      const since = new Date(state.heardAt);
      return fill(told.silent, { time: silence > DAY_MS ? fill(told.onDay, { day: DAY.format(since) }) : timeOf(since) });
    }
    if (told.damaged) return told.damaged;
    const age = now - Date.parse(`${told.published}T00:00:00`);
    return age > (Number(told.staleDays) + 1) * DAY_MS ? told.stale : "";
  }

  async function loaded(link) {
    await new Promise((resolve, reject) => {
      link.addEventListener("load", resolve, { once: true });
      link.addEventListener("error", () => reject(new Error("the style did not load")), { once: true });
      document.head.append(link);
    });
    return link;
  }

  // Fetch the page anew; throws unless it is whole and the version that was promised.
  async function fetchPage(version, signal) {
    const answer = await fetch(location.href, { cache: "no-store", signal });
    if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
    const text = await answer.text(), page = new DOMParser().parseFromString(text, "text/html");
    const wall = page.getElementById("wall");
    const isWhole = text.trimEnd().endsWith("</html>") && wall && wall.querySelector(".slide");
    if (!isWhole || wall.dataset.version !== version) throw new Error("the page is not whole");
    return { page, text, wall };
  }

  function linked(page, selector, name) {
    const element = page.querySelector(selector);
    return element ? new URL(element.getAttribute(name), location.href).href : "";
  }

  async function prepare(found) {
    const style = linked(found.page, "link[rel=stylesheet]", "href"), script = linked(found.page, "script[src]", "src");
    let sheet = document.querySelector("link[rel=stylesheet]");
    if (style !== sheet.href) sheet = await loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
    return {
      wall: found.wall, mode: found.page.documentElement.dataset.mode, title: found.page.title, style: sheet,
      script: script === linked(document, "body script[src]", "src") ? "" : script,
    };
  }

  // Keep one whole version of this screen for a restart without the server.
  async function keep(found) {
    if (!("caches" in window)) return;
    const home = new URL("./", location.href).href, cache = await caches.open(`wall ${new URL(home).pathname}`);
    const wanted = [...found.page.querySelectorAll("link[href]")].map((link) => new URL(link.getAttribute("href"), home).href);
    wanted.push(linked(found.page, "script[src]", "src"));
    const kept = (await cache.keys()).map((request) => request.url);
    await cache.addAll(wanted.filter((url) => !kept.includes(url)));
    const text = found.text.replace('data-kept=""', 'data-kept="1"');
    await cache.put(home, new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
    await Promise.all(kept.filter((url) => url !== home && !wanted.includes(url)).map((url) => cache.delete(url)));
  }

  async function ask(now) {
    const signal = AbortSignal.timeout(ANSWER_MS);
    state.asking = true;
    state.polledAt = now;
    try {
      const answer = await fetch(new URL(show.told.state, location.href), { cache: "no-store", signal });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const { version } = await answer.json();
      if (typeof version !== "string") throw new Error("the server did not say its version");
      if (version !== show.told.version || version !== state.keptVersion) {
        const found = await fetchPage(version, signal);
        if (version !== show.told.version) state.next = await prepare(found);
        await keep(found);
        state.keptVersion = version;
      }
      state.failed = false;
      state.heardAt = Date.now();
    } catch {
      state.failed = true; // what is shown stays, the banner says since when, the next poll tries again
    } finally {
      state.asking = false;
      if (!state.stopped) tick();
    }
  }

  // After sleep, or where the clock was set, what was due then is due now, once.
  function heedClock(now) {
    const jumped = now < state.tickedAt || now - state.tickedAt > LONGEST_MS + 5000;
    if (jumped) {
      state.polledAt = -Infinity;
      state.shownAt = Math.min(state.shownAt, now);
      state.heardAt = Math.min(state.heardAt, now);
      state.pausedUntil = Math.min(state.pausedUntil, now + PAUSE_MS);
    }
    state.tickedAt = now;
  }

  function tick() {
    const now = Date.now();
    heedClock(now);
    if (!state.asking && now - state.polledAt >= show.told.pollSeconds * 1000) ask(now);
    if (now >= state.pausedUntil && now - state.shownAt >= show.told.seconds * 1000) advance(now);
    setText(show.clock, timeOf(now));
    setText(show.banner, bannerWords(now));
    schedule();
  }

  // One timer, for whatever is due next.
  function schedule() {
    const now = Date.now(), told = show.told;
    const due = [state.shownAt + told.seconds * 1000, (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS];
    if (!state.asking) due.push(state.polledAt + told.pollSeconds * 1000);
    clearTimeout(state.timer);
    state.timer = setTimeout(tick, Math.min(LONGEST_MS, Math.max(100, Math.min(...due) - now)));
  }

  // Who needs longer to read can hold a slide with the space bar; it goes on after ten minutes at the latest.
  function hold(event) {
    if (event.key !== " ") return;
    const now = Date.now();
    state.pausedUntil = now < state.pausedUntil ? 0 : now + PAUSE_MS;
    event.preventDefault();
  }

  window.stopWall = () => {
    state.stopped = true;
    clearTimeout(state.timer);
    document.removeEventListener("keydown", hold);
  };

  document.addEventListener("keydown", hold);
  take();
  if (show.told.kept) state.heardAt = 0;
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(show.told.worker, { scope: show.told.scope }).catch(() => {
      document.documentElement.dataset.worker = "none"; // the screen works without it, as long as it is not restarted
    });
  }
  tick();
})();
