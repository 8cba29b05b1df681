// Notes the latest pages of a learner, newest first, for the palette: their addresses only, and in this browser only.
// Signing out removes them (sign-out.js).
const MOST = 20;

export function noteThisPage(learner) {
  const key = `finalcheck-recent:${learner}:`;
  try {
    const before = JSON.parse(localStorage.getItem(key)) ?? [];
    const paths = [location.pathname, ...before.filter((path) => path !== location.pathname)];
    localStorage.setItem(key, JSON.stringify(paths.slice(0, MOST)));
  } catch {
    // A browser that blocks localStorage keeps nothing.
  }
}
