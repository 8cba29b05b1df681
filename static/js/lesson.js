// Reading: buttons on listings, predictions, notes, the current section in the contents, and "read" when the end of the lesson is visible.
import { addCopyButtons, addRunButtons } from "./listings.js";
import { enlargeFigures, enlivenFigures } from "./figures.js";
import { markTerms } from "./terms.js";

const missing = () => {}; // as in page.js
addCopyButtons(document.querySelector(".lesson"));
addRunButtons(document.querySelector(".lesson"));
if (document.querySelector("[data-prediction]")) {
  import("./prediction.js").then(({ addPredictions }) => addPredictions(document.querySelector(".lesson")), missing);
}
enlivenFigures(document.querySelector(".lesson"));
enlargeFigures(document.querySelector(".lesson"));
markTerms(document.querySelector(".lesson"));

const [message, arrived] = [document.querySelector(".messages"), document.getElementById(location.hash.slice(1))];
if (message && arrived?.matches("[data-run]")) import("./arriving.js").then(({ arrive }) => arrive(message, arrived), missing);

const links = new Map([...document.querySelectorAll(".contents .page-headings a")].map((link) => [link.hash.slice(1), link]));
let chosen = null; // the section that a click in the contents asked for, until the reader scrolls by hand
const headings = [...document.querySelectorAll("[data-section] h2[id]")].filter((heading) => links.has(heading.id));

// A short last section never reaches the top of the window.
function isAtEnd() {
  return Math.ceil(window.scrollY + window.innerHeight) >= document.documentElement.scrollHeight - 2;
}

function showPlace() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 160);
  place = chosen ?? (isAtEnd() ? headings.at(-1) : passed.at(-1));
  for (const link of links.values()) link.removeAttribute("aria-current");
  if (place) links.get(place.id).setAttribute("aria-current", "true");
  clearTimeout(resting);
  resting = setTimeout(keepPlace, REST);
}

new IntersectionObserver(showPlace, { rootMargin: "-160px 0px 0px" }).observe(document.querySelector(".lesson"));
for (const [id, link] of links) {
  link.addEventListener("click", () => { chosen = headings.find((heading) => heading.id === id) ?? null; showPlace(); });
}
for (const kind of ["wheel", "touchmove", "keydown"]) document.addEventListener(kind, () => { chosen = null; }, { passive: true });
document.addEventListener("scroll", () => requestAnimationFrame(showPlace), { passive: true });

const REST = 1000; // milliseconds without scrolling
let resting = 0;
let keptPlace = null; // nothing was sent yet
let place = null;

// That the reader is here, and in which section, so that "Continue" leads here. Above the first heading, the section of an
// earlier visit stays. What is sent on leaving may arrive after the request for the next page, so that page knows a section
// only if the reader has rested in it.
async function keepPlace() {
  const form = document.querySelector("[data-lesson-end]:not([data-is-done]) form");
  const id = place?.id ?? "";
  if (!form || (id ? id === keptPlace : keptPlace !== null)) return;
  keptPlace = id;
  const body = new FormData(form);
  if (id) body.set("section", id);
  const address = form.action.replace(/done\/$/, "place/");
  const answer = await fetch(address, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => null);
  if (!answer?.ok && keptPlace === id) keptPlace = null; // sent again at the next rest, or on leaving
}

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepPlace(); });

const end = document.querySelector("[data-lesson-end]:not([data-is-done])");

if (end) {
  const markRead = () => import("./lesson-end.js").then((read) => read.markRead(end), missing);
  end.setAttribute("aria-live", "polite"); // what comes later is announced
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    markRead();
  });
  seen.observe(end);
  end.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    markRead();
  });
}

// The learner's own notes: what shows and changes them loads once the reader does something, or has a note here.
const study = document.querySelector("[data-notes]");
if (study) {
  const signs = ["pointermove", "pointerdown", "keydown", "selectionchange"];
  const listen = () => { for (const sign of signs) document.addEventListener(sign, load, { passive: true }); };
  const load = () => {
    for (const sign of signs) document.removeEventListener(sign, load);
    import("./notes.js").catch(listen); // no connection: the next time
  };
  listen();
  const look = () => fetch(`/api/v1/lessons/${study.dataset.lesson}/notes/?page_size=1`).then((answer) => answer.json()).then(({ results }) => { if (results?.length) load(); }, () => {});
  addEventListener("load", () => setTimeout(look));
}
