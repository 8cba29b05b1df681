// The offline page: asks for the page that could not be loaded, and loads it as soon as the server answers.
const PAUSE = 5000;
const { retry: offlinePage } = document.querySelector("[data-retry]").dataset;

let timer = 0;

async function tryAgain() {
  clearTimeout(timer);
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PAUSE) });
    location.reload();
  } catch {
    timer = setTimeout(tryAgain, PAUSE);
  }
}

if (location.pathname !== offlinePage) {
  addEventListener("online", tryAgain);
  timer = setTimeout(tryAgain, PAUSE);
}
