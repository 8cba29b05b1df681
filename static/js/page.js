// On every page. Each part improves what works without it.
import "./theme.js";
import "./zone.js";
import "./shortcuts.js";

if ("serviceWorker" in navigator && document.body.dataset.worker) {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" });
}
