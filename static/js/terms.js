// Terms of the glossary in a lesson: where the author marked one, and at the first place of each that links by itself, its
// definition opens on hover, by tap or with Enter. A definition is fetched when it is asked for.
import { element } from "./words.js";

const LEFT_OUT = "pre, code, a, h1, h2, h3, math, svg, figcaption, button, summary, table, aside, [data-transcript]";
const LEAVE = 600; // milliseconds to move the pointer from the term into its definition, which may be in the margin
const BEGINS = /(^|[.!?:][)\]"”’]*)\s*$/; // what a sentence follows

export function markTerms(root) {
  const data = document.getElementById("terms");
  const terms = new Set(data ? JSON.parse(data.textContent) : []);
  if (!terms.size || !("popover" in HTMLElement.prototype)) return;
  const note = element("span", "term-note");
  note.popover = "auto";
  note.setAttribute("role", "status");
  const marked = [...root.querySelectorAll("[data-term]")].filter((words) => terms.has(words.dataset.term));
  for (const words of marked) {
    terms.delete(words.dataset.term);
    words.replaceWith(buttonFor(words.dataset.term, words.childNodes, note));
  }
  let search = searchFor(terms);
  for (const section of root.querySelectorAll("[data-section]")) {
    for (const text of textsOf(section)) search = markIn(text, search, note);
  }
}

const definitions = new Map();
function definitionOf(term) {
  if (!definitions.has(term)) {
    const definition = fetch(`terms/?${new URLSearchParams({ term })}`).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)));
    definition.catch(() => definitions.delete(term)); // no connection: the next time
    definitions.set(term, definition);
  }
  return definitions.get(term);
}

function textsOf(section) {
  const accept = (node) => (node.parentElement.closest(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT, accept);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// A term is found as the glossary writes it. A capital of its own may only begin a sentence: “Windows” elsewhere is a name.
function searchFor(terms) {
  const written = new Map([...terms].flatMap((term) => [[term[0].toUpperCase() + term.slice(1), term], [term, term]]));
  const longestFirst = [...written.keys()].sort((one, other) => other.length - one.length);
  const escaped = longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll(" ", "\\s+"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(${escaped.join("|")})s?(?![\\p{L}\\p{N}_-])`, "gu");
  return { terms, pattern, termIn: (match) => written.get(match[1].replace(/\s+/g, " ")) };
}

// Marks the terms in one text, and returns the search for those that are left: each is marked once.
function markIn(text, search, note) {
  const { terms, pattern, termIn } = search;
  const isTerm = (match) => match[1][0] === termIn(match)[0] || BEGINS.test(textBefore(text, match.index));
  const match = terms.size ? [...text.data.matchAll(pattern)].find(isTerm) : null;
  if (!match) return search;
  const rest = text.splitText(match.index);
  const after = rest.splitText(match[0].length);
  const term = termIn(match);
  terms.delete(term);
  rest.replaceWith(buttonFor(term, [match[0]], note));
  return markIn(after, searchFor(terms), note);
}

function textBefore(text, index) {
  const range = document.createRange();
  range.setStart(text.parentElement.closest("p, li, div, section"), 0);
  range.setEnd(text, index);
  return range.toString();
}

function buttonFor(term, words, note) {
  const button = element("button", "term", ...words);
  button.type = "button";
  let timer = 0;
  let isWanted = false;
  const show = async () => {
    clearTimeout(timer);
    isWanted = true;
    const definition = await definitionOf(term).catch(() => null);
    if (!definition || !isWanted || (note.matches(":popover-open") && note.previousSibling === button)) return;
    if (note.isConnected) note.hidePopover();
    button.after(note);
    const { body } = new DOMParser().parseFromString(definition, "text/html");
    note.replaceChildren(element("b", "bold", button.textContent), " ", ...body.childNodes);
    note.showPopover({ source: button });
  };
  const leave = ({ pointerType }) => {
    if (pointerType !== "mouse") return;
    isWanted = false;
    timer = setTimeout(() => { if (!note.matches(":hover") && !button.matches(":hover")) note.hidePopover(); }, LEAVE);
    note.addEventListener("pointerleave", leave, { once: true });
  };
  button.addEventListener("click", show);
  button.addEventListener("pointerenter", ({ pointerType }) => { if (pointerType === "mouse") show(); });
  button.addEventListener("pointerleave", leave);
  return button;
}
