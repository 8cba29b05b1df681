// While an archive is being prepared, show its progress without a reload. Without JavaScript, reloading shows it too.

const PAUSE = 2000;

async function refresh() {
  const waiting = document.querySelector("[data-export-waits]");
  if (!waiting) return;
  try {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.getElementById("export");
    if (reply.ok && fresh) {
      if (fresh.matches("[data-export-waits]")) fresh.querySelectorAll("script").forEach((script) => script.remove());
      waiting.replaceWith(fresh);
    }
  } catch {
    // no connection: the next try may have one
  }
  setTimeout(refresh, PAUSE);
}

setTimeout(refresh, PAUSE);
