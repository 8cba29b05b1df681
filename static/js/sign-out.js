// Signing out removes a person's versions of listings and their recent pages from this browser.
import { keptBy } from "./listings.js";

for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", () => {
    forget(keptBy(form.dataset.signsOut));
    forget(`finalcheck-recent:${form.dataset.signsOut}:`); // recent.js notes them
  });
}

function forget(prefix) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // A browser that blocks localStorage has kept nothing.
  }
}
