// Lets a wall screen that is restarted while the server is away show what it last kept: the network first, then that.
"use strict";

const HOME = new URL("./", self.location.href), ANSWER_MS = 8000;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A screen is kept under the address of its playlist; the address without a slash leads to the first.
function keptUnder(url) {
  if (`${url.pathname}/` !== HOME.pathname && url.pathname !== HOME.pathname) return url.href;
  const playlist = url.searchParams.get("liste");
  return playlist ? new URL(`${encodeURIComponent(playlist)}/`, HOME).href : HOME.href;
}

// What was kept, at its own address: a document finds what it loads beside itself.
async function lastKept(url) {
  const address = keptUnder(url), kept = await caches.match(address);
  return kept && address !== url.href ? Response.redirect(address) : kept;
}

async function answer(request, url) {
  const controller = new AbortController(), timer = setTimeout(() => controller.abort(), ANSWER_MS);
  let fresh = null;
  try {
    fresh = await fetch(request, { signal: controller.signal });
    if (fresh.status < 500) return fresh;
  } catch (error) {
    const kept = await lastKept(url);
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return (await lastKept(url)) || fresh;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === HOME.origin && `${url.pathname}/`.startsWith(HOME.pathname);
  // Whether the server is there is asked of the server alone, and newer pages are never an old answer.
  const isAsking = url.pathname.endsWith("/etat.json") || event.request.cache === "no-store";
  if (event.request.method === "GET" && isOurs && !isAsking) event.respondWith(answer(event.request, url));
});
