// The service worker of the run pages of audits. It keeps a run page, and the files that page names, for the time
// without a network. It touches no other page; answers are kept and sent by the page itself (audit-run.js).

const CACHE = "auditkit-run";
const RUN_PAGE = /\/audits\/[^/]+\/run$/;
const ASSET = /^\/assets\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function ours(address) {
  const url = new URL(address, self.location.origin);
  return url.origin === self.location.origin && (RUN_PAGE.test(url.pathname) || ASSET.test(url.pathname));
}

async function keep(address) {
  const response = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (response.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(address, response);
  }
}

// A run page says what it needs; whatever is neither a run page nor a static file is passed over.
self.addEventListener("message", (event) => {
  const wanted = (event.data.keep || []).filter(ours);
  const answer = (kept) => event.source && event.source.postMessage({ kept });
  event.waitUntil(Promise.all(wanted.map(keep)).then(() => answer(true), () => answer(false)));
});

async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic" && !response.redirected) {
      const cache = await caches.open(CACHE);
      await cache.put(request.url, response.clone());
    }
    return response;
  } catch (lost) {
    const cache = await caches.open(CACHE);
    const kept = (await cache.match(request.url)) || (await cache.match(request.url, { ignoreSearch: true }));
    if (kept) {
      return kept;
    }
    throw lost;
  }
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && RUN_PAGE.test(url.pathname)) {
    event.respondWith(page(event.request));
  } else if (ASSET.test(url.pathname)) {
    event.respondWith(asset(event.request));
  }
});
