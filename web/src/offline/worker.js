// The form without a network. Only the built files are kept, never an answer of the API: what a person is working on is kept by the page itself.
const version = '__VERSION__';
const files = __FILES__;
const prefix = 'healtheval-form-';
const mine = prefix + version;

self.addEventListener('install', event => {
  event.waitUntil(caches.open(mine).then(cache => cache.addAll(files.map(file => (file.startsWith('/assets/') ? file : new Request(file, { cache: 'reload' }))))).then(() => self.skipWaiting()));
});

// The files of one form before this one stay, for pages that were open when it was updated and have yet to load a part of it.
self.addEventListener('activate', event => {
  event.waitUntil(
    caches.keys()
      .then(names => names.filter(name => name.startsWith(prefix) && name !== mine).slice(0, -1))
      .then(old => Promise.all(old.map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/') || pathname.startsWith('/.auth/')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(caches.match(request).then(kept => kept ?? fetch(request)));
});

// The page itself comes from the network whenever there is one, so that an update is never hidden behind what is kept.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(mine);
    const kept = await cache.match('/');
    if (kept) return kept;
    throw error;
  }
}
