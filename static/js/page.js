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

// Notes the latest pages of a learner, newest first, for the palette: their addresses only, and in this browser only.
// Signing out removes them (sign-out.js). Nothing is noted in an exam, and nothing of a learner whose pages staff view.
const MOST_RECENT = 20;
const learner = document.querySelector("[data-learner]")?.dataset.learner;

if (learner && !document.querySelector("[data-exam], [data-viewing]")) {
  const key = `finalcheck-recent:${learner}:`;
  try {
    const before = JSON.parse(localStorage.getItem(key)) ?? [];
    const paths = [location.pathname, ...before.filter((path) => path !== location.pathname)];
    localStorage.setItem(key, JSON.stringify(paths.slice(0, MOST_RECENT)));
  } catch {
    // A browser that blocks localStorage keeps nothing.
  }
}

if (document.querySelector("[data-shows]")) import("./passwords.js").then(({ showPasswords }) => showPasswords());
