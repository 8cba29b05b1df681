// Passages of a lesson: described by their text and what is around it, and found again, also in a new edition. Spaces do
// not count, as in lessons/rules/quoting.py, which looks for the same passages in the stored text. A passage belongs to
// the text or to one listing; one that goes across a listing leaves the code out.
const NO_CODE = ".output, .edit, template, [data-study-tool]"; // elements in which a `pre` is no listing of the lesson
const LEFT_OUT = "svg, pre, figure[data-code], button:not(.term), .term-note, script, template, form, [data-study-tool]";
const AROUND = 32; // characters before and after a passage
export const LONGEST = 4000;
const bare = (text) => text.replace(/\s+/g, "");

export class LessonText {
  constructor(root) {
    this.roots = [...root.querySelectorAll("[data-section], aside[role=note]")];
    this.headings = [...root.querySelectorAll("[data-section] :is(h2, h3)[id]")];
  }

  // The lesson's text, and the code of each listing.
  read() {
    return [textsIn(this.roots, LEFT_OUT), ...this.listings.map((listing) => textsIn([listing], "[data-study-tool]"))];
  }

  get listings() {
    return this.roots.flatMap((root) => [...root.querySelectorAll("pre")]).filter((code) => !code.closest(NO_CODE));
  }

  // Returns {section, quote, before, after}, or null if the range holds no text of the lesson.
  describe(range) {
    const listing = this.listings.find((code) => code.contains(range.commonAncestorContainer));
    const { texts, chars } = listing ? textsIn([listing], "[data-study-tool]") : textsIn(this.roots, LEFT_OUT);
    const parts = [];
    let [start, end, first] = [-1, -1, null];
    for (const { node, start: place } of texts) {
      if (!range.intersectsNode(node)) continue;
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.data.length;
      const part = node.data.slice(from, to);
      parts.push(part);
      if (!bare(part)) continue;
      first ??= node;
      if (start < 0) start = place + bare(node.data.slice(0, from)).length;
      end = place + bare(node.data.slice(0, to)).length;
    }
    if (!first) return null;
    const quote = listing ? parts.join("").replace(/^\n+|\s+$/g, "") : parts.join("").replace(/\s+/g, " ").trim();
    return { section: this.sectionOf(first), quote, before: chars.slice(Math.max(0, start - AROUND), start), after: chars.slice(end, end + AROUND) };
  }

  // The anchor of the heading above a node, "" above the first.
  sectionOf(node) {
    const above = this.headings.filter((heading) => heading.compareDocumentPosition(node) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY));
    return above.at(-1)?.id ?? "";
  }

  // Returns the ranges of these notes, null for each passage that is no longer there.
  find(notes) {
    const found = this.read();
    return notes.map((note) => this.rangeOf(note, found));
  }

  rangeOf({ section, quote, before, after }, found) {
    const needle = bare(quote);
    let best = null;
    for (const { texts, chars } of found) {
      for (let place = chars.indexOf(needle); needle && place >= 0; place = chars.indexOf(needle, place + 1)) {
        const range = rangeAt(texts, place, place + needle.length);
        const score = alike(bare(before), chars.slice(0, place)) + alike(reversed(bare(after)), reversed(chars.slice(place + needle.length, place + needle.length + AROUND)))
          + (this.sectionOf(range.startContainer) === section ? AROUND / 2 : 0);
        if (!best || score > best.score) best = { range, score };
      }
    }
    return best?.range ?? null;
  }
}

// The texts in these elements in order, each with the position of its first character, not counting spaces.
function textsIn(roots, leftOut) {
  const texts = [];
  let chars = "";
  for (const root of roots) {
    const accept = (node) => (node.parentElement.closest(leftOut) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, accept);
    while (walker.nextNode()) {
      texts.push({ node: walker.currentNode, start: chars.length });
      chars += bare(walker.currentNode.data);
    }
  }
  return { texts, chars };
}

const reversed = (text) => [...text].reverse().join("");

// How many characters two texts have in common at their ends.
function alike(one, other) {
  let count = 0;
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}

function rangeAt(texts, start, end) {
  const range = document.createRange();
  range.setStart(...positionAt(texts, start, false));
  range.setEnd(...positionAt(texts, end, true));
  return range;
}

// The node and offset of a place among the characters; of an end, behind the character before it.
function positionAt(texts, place, isEnd) {
  let index = texts.findLastIndex((text) => (isEnd ? text.start < place : text.start <= place));
  if (!isEnd) while (!bare(texts[index].node.data)) index -= 1;
  const { node, start } = texts[index];
  let left = place - start;
  for (let offset = 0; offset < node.data.length; offset += 1) {
    const isSpace = /\s/.test(node.data[offset]);
    if (!isSpace && left === 0 && !isEnd) return [node, offset];
    if (!isSpace) left -= 1;
    if (!isSpace && left === 0 && isEnd) return [node, offset + 1];
  }
  return [node, node.data.length];
}
