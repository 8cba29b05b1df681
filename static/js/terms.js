// Terms of the glossary in a lesson: the first place of each opens its definition, on hover, by tap or with Enter. The
// definitions are those of the glossary's page, which is fetched when the first one is asked for.
import { element } from "./words.js";

const LEFT_OUT = "pre, code, a, h1, h2, h3, math, svg, figcaption, button, summary, table, aside";
const LEAVE = 250; // milliseconds to move the pointer from the term into its definition

export function markTerms(root) {
  const data = document.getElementById("terms");
  const terms = new Set((data ? JSON.parse(data.textContent) : []).map((term) => term.toLowerCase()));
  if (!terms.size || !("popover" in HTMLElement.prototype)) return;
  const note = element("span", "term-note");
  note.popover = "auto";
  note.setAttribute("role", "status");
  for (const section of root.querySelectorAll("[data-section]")) {
    for (const text of textsOf(section)) markIn(text, terms, note, root.dataset.glossary);
  }
}

let glossary = null;
function fetchGlossary(address) {
  glossary ??= fetch(address).then(async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return new Map([...page.querySelectorAll("[data-term]")].map((row) => [row.dataset.term.toLowerCase(), row.querySelector("dd")]));
  });
  glossary.catch(() => { glossary = null; }); // no connection: the next time
  return glossary;
}

function textsOf(section) {
  const accept = (node) => (node.parentElement.closest(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT, accept);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// Marks the terms in one text; each is marked once and then leaves the set.
function markIn(text, terms, note, address) {
  if (!terms.size) return;
  const escaped = [...terms].sort((one, other) => other.length - one.length).map((term) => term.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const match = text.data.match(new RegExp(`(?<![\\p{L}\\p{N}_-])(${escaped.join("|")})s?(?![\\p{L}\\p{N}_-])`, "iu"));
  if (!match) return;
  const rest = text.splitText(match.index);
  const after = rest.splitText(match[0].length);
  const term = match[1].toLowerCase();
  terms.delete(term);
  rest.replaceWith(buttonFor(term, match[0], note, address));
  markIn(after, terms, note, address);
}

function buttonFor(term, text, note, address) {
  const button = element("button", "term", text);
  button.type = "button";
  let timer = 0;
  let isWanted = false;
  const show = async () => {
    clearTimeout(timer);
    isWanted = true;
    const definition = await fetchGlossary(address).then((all) => all.get(term), () => null);
    if (!definition || !isWanted || (note.matches(":popover-open") && note.previousSibling === button)) return;
    if (note.isConnected) note.hidePopover();
    button.after(note);
    note.replaceChildren(element("b", "bold", text), " ", ...definition.cloneNode(true).childNodes);
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
