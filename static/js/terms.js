// Terms of the glossary in a lesson: the first place of each opens its definition, on hover, by tap or with Enter.
import { element } from "./words.js";

const LEFT_OUT = "pre, code, a, h1, h2, h3, math, svg, figcaption, button, summary, table, aside";
const LEAVE = 250; // milliseconds to move the pointer from the term into its definition

export function markTerms(root) {
  const data = document.getElementById("terms");
  const terms = new Map((data ? JSON.parse(data.textContent) : []).map((term) => [term.term.toLowerCase(), term]));
  if (!terms.size || !("popover" in HTMLElement.prototype)) return;
  const note = element("span", "term-note");
  note.popover = "auto";
  note.setAttribute("role", "status");
  for (const section of root.querySelectorAll("[data-section]")) {
    for (const text of textsOf(section)) markIn(text, terms, note);
  }
}

function textsOf(section) {
  const accept = (node) => (node.parentElement.closest(LEFT_OUT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT, accept);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// Marks the terms in one text; each is marked once and then leaves the map.
function markIn(text, terms, note) {
  if (!terms.size) return;
  const escaped = [...terms.keys()].sort((one, other) => other.length - one.length).map((term) => RegExp.escape?.(term) ?? term.replace(/[^\w\s]/g, "\\$&"));
  const match = text.data.match(new RegExp(`(?<![\\p{L}\\p{N}_-])(${escaped.join("|")})s?(?![\\p{L}\\p{N}_-])`, "iu"));
  if (!match) return;
  const rest = text.splitText(match.index);
  const after = rest.splitText(match[0].length);
  const term = terms.get(match[1].toLowerCase());
  terms.delete(match[1].toLowerCase());
  rest.replaceWith(buttonFor(term, match[0], note));
  markIn(after, terms, note);
}

function buttonFor(term, text, note) {
  const button = element("button", "term", text);
  button.type = "button";
  let timer = 0;
  const show = () => {
    clearTimeout(timer);
    if (note.matches(":popover-open") && note.previousSibling === button) return;
    if (note.isConnected) note.hidePopover();
    button.after(note);
    note.replaceChildren(element("b", "bold", term.term), ` ${term.text} `);
    if (term.url) {
      const link = element("a", "", term.lesson);
      link.href = term.url;
      note.append(link);
    }
    note.showPopover({ source: button });
  };
  const leave = ({ pointerType }) => {
    if (pointerType !== "mouse") return;
    timer = setTimeout(() => { if (!note.matches(":hover") && !button.matches(":hover")) note.hidePopover(); }, LEAVE);
    note.addEventListener("pointerleave", leave, { once: true });
  };
  button.addEventListener("click", show);
  button.addEventListener("pointerenter", ({ pointerType }) => { if (pointerType === "mouse") show(); });
  button.addEventListener("pointerleave", leave);
  return button;
}
