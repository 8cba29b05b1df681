// Runs on every page. Each part improves something that works without JavaScript.
import "./theme.js";
import "./zone.js";
import "./shortcuts.js";

// If the worker cannot be fetched, only the offline page is missing. The next page tries again.
function register() {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" }).catch(() => {});
}

if ("serviceWorker" in navigator && document.body.dataset.worker) {
  addEventListener("load", register); // what this page needs comes first
}

// A part that cannot be fetched is missing on this page only.
const missing = () => {};
// Nothing is noted in an exam, and nothing of a learner whose pages staff view.
const learner = document.querySelector("[data-learner]")?.dataset.learner;
if (learner && !document.querySelector("[data-exam], [data-viewing]")) import("./recent.js").then(({ noteThisPage }) => noteThisPage(learner), missing);
if (document.querySelector("[data-shows]")) import("./passwords.js").then(({ showPasswords }) => showPasswords(), missing);
