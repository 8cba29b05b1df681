// Buttons on a lesson's listings: copy, and for learners run and edit. The code that runs listings loads on first use.
import { element, icon, words } from "./words.js";

function button(glyph, text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn compact";
  const label = document.createElement("span");
  label.textContent = text;
  made.append(icon(glyph), label);
  made.addEventListener("click", () => act(label));
  return made;
}

// The code without line numbers, which the style sheet draws.
export function addCopyButtons(root) {
  const { copy, copied } = root.dataset;
  for (const listing of root.querySelectorAll("[data-code]")) {
    const made = button("copy", copy, async (label) => {
      await navigator.clipboard.writeText(sourceOf(listing));
      show(label, "check", copied);
      setTimeout(() => show(label, "copy", copy), 2000);
    });
    made.classList.add("copy");
    made.dataset.copy = "";
    made.lastChild.setAttribute("aria-live", "polite");
    (listing.querySelector(":scope > header") ?? listing).append(made);
  }
}

// A phone shows only the icon.
function show(label, glyph, text) {
  label.textContent = text;
  label.previousSibling.replaceWith(icon(glyph));
}

function sourceOf(listing) {
  return listing.source?.() ?? listing.querySelector("pre").textContent.replace(/\n$/, "");
}

// This browser keeps a reader's version of each listing under a key that begins like this. A lesson belongs to one course, so
// its id says which.
export const keptBy = (person) => `finalcheck-listing:${person}:`;
const person = document.querySelector("[data-learner]")?.dataset.learner;
const keyOf = (lesson, listing) => (person ? `${keptBy(person)}${lesson}:${listing}` : null);

function isKept(key) {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false; // some browsers block it
  }
}

// Says below a listing that its code for running did not load. Nothing else is lost, and the next press tries again.
function sayUnloaded(listing) {
  const note = element("div", "note warning hint", icon("warn"), element("p", "", words.needsConnection));
  note.setAttribute("role", "alert");
  note.dataset.unloaded = "";
  listing.querySelector("[data-unloaded]")?.remove();
  listing.querySelector("pre").after(note);
}

// For a reader who cannot run the listing: a link to what they need.
export function addRunButtons(root) {
  const { lesson, run, check, edit, needs, way } = root.dataset;
  for (const listing of root.querySelectorAll("[data-code][data-run]")) {
    const head = listing.querySelector(":scope > header");
    const copy = head.querySelector(".copy");
    if (lesson) {
      const act = (name) => async () => {
        const code = await import("./run-listing.js").catch(() => null);
        listing.querySelector("[data-unloaded]")?.remove();
        return code ? code[name](listing, lesson, sourceOf(listing)) : sayUnloaded(listing);
      };
      const [go, change] = [button("play", run, act("run")), button("edit", edit, act("edit"))];
      go.classList.add("push");
      const tried = button("check", check, act("check"));
      go.dataset.go = change.dataset.edit = tried.dataset.check = "";
      copy.before(go, ...("tested" in listing.dataset ? [tried] : []), change);
      copy.classList.remove("copy");
      listing.versionKey = keyOf(lesson, listing.dataset.listing);
      if (isKept(listing.versionKey)) act("restore")();
    } else if (needs) {
      const link = document.createElement("a");
      link.href = way;
      link.textContent = needs;
      link.className = "small-text push mute";
      copy.before(link);
      copy.classList.remove("copy");
    }
  }
}
