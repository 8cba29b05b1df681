{% load static %}// Keeps the offline page and what it needs; answers with it when a page cannot be fetched. Nothing else is cached:
// what a learner sees is always the server's.
const kept = "{% static 'css/page.css' %}";
const files = ["{% url 'offline' %}", kept, "{% static 'js/offline.js' %}", "{% static 'fonts/archivo.woff2' %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const fallback = async () => (await caches.match(request)) ?? (request.mode === "navigate" ? caches.match(files[0]) : Response.error());
  if (request.method === "GET" && (request.mode === "navigate" || files.includes(new URL(request.url).pathname))) {
    event.respondWith(fetch(request).catch(fallback));
  }
});
