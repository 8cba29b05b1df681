// Whoever signs out leaves none of their versions of listings in this browser.
import { keptBy } from "./listings.js";

for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", () => forget(keptBy(form.dataset.signsOut)));
}

function forget(prefix) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // A browser that blocks localStorage has kept nothing.
  }
}
