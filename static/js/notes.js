// A learner's own notes in a lesson: a bar on selected text, a button beside each heading, marks in the text, and a panel.
// Every change goes through the outbox, so nothing is lost without a connection. Passages are painted without changing
// the text, and every button is in the margin, so nothing moves.
import { call, randomKey } from "./api.js";
import { LONGEST, LessonText } from "./passages.js";
import { NotePanel } from "./note-panel.js";
import * as outbox from "./outbox.js";
import { element, filled, icon, words } from "./words.js";

const SETTLED = 200; // milliseconds after the last change of a selection
const root = document.querySelector(".lesson");
const { lesson, style, asks } = document.querySelector("[data-notes]").dataset;
const base = `/lessons/${lesson}/notes/`;
const text = new LessonText(root);
const notes = new Map(); // by key
const spoken = element("p", "visually-hidden");
const panel = new NotePanel({ save, remove, restore: (note) => { add(note); send(note); } });
let selected = null;
let timer = 0;

const urlOf = (key) => `${base}${key}/`;

// The notes on the server, and those that this browser has not sent yet.
async function start() {
  await styled();
  spoken.setAttribute("aria-live", "polite");
  root.append(spoken);
  for (const heading of text.headings) addBookmark(heading);
  const answer = await call("GET", `/lessons/${lesson}/notes/?page_size=200`);
  for (const found of answer?.isOk ? answer.data.results : []) notes.set(found.id, { ...found, key: found.id });
  for (const url of outbox.addresses().filter((each) => each.startsWith(base))) {
    const key = url.slice(base.length, -1);
    const { body, revision } = outbox.read(url);
    notes.set(key, { ...notes.get(key), ...Object.fromEntries(new URLSearchParams(body)), key, revision });
  }
  show();
  showBar();
  for (const { key } of notes.values()) sendHeld(urlOf(key));
  if (asks) await showReplies();
}

// What the learner asked, at the section that it is about.
async function showReplies() {
  const answer = await call("GET", `/lessons/${lesson}/help/?page_size=50`);
  for (const asked of answer?.isOk ? answer.data.results : []) {
    const heading = text.headings.find(({ id }) => id === asked.section) ?? root.querySelector("h1");
    const flag = tool("study-tool", () => panel.read(asked, flag));
    flag.dataset.asked = asked.id;
    flag.append(icon("hint"));
    flag.setAttribute("aria-label", filled(asked.answer ? words.askedAnswered : words.asked, { text: asked.text.slice(0, 80) }));
    heading.after(flag);
  }
}

function styled() {
  const link = element("link");
  Object.assign(link, { rel: "stylesheet", href: style });
  return new Promise((done) => {
    link.addEventListener("load", done);
    link.addEventListener("error", done); // no connection: the buttons still work
    document.head.append(link);
  });
}

function save(note) {
  outbox.keep(urlOf(note.key), { ...outbox.read(urlOf(note.key)), body: bodyOf(note), revision: note.revision });
  outbox.sendSoon(urlOf(note.key));
  show();
}

function send(note) {
  outbox.keep(urlOf(note.key), { body: bodyOf(note), revision: note.revision });
  outbox.send(urlOf(note.key));
}

// Opens a note in the panel. If another window saved it, the panel offers both texts again.
function edit(note, opener, title) {
  panel.open(note, opener, title);
  if (note) sendHeld(urlOf(note.key));
}

function sendHeld(url) {
  const entry = outbox.read(url);
  if (!entry?.isHeld) return;
  outbox.keep(url, { ...entry, isHeld: false });
  outbox.send(url);
}

function bodyOf({ section, quote, before, after, text: written }) {
  return new URLSearchParams({ section, quote, before, after, text: written }).toString();
}

function add(note) {
  notes.set(note.key, note);
  show();
}

// Returns whether it was deleted. A save on its way must arrive first, or it would create the note again.
async function remove(note) {
  const url = urlOf(note.key);
  outbox.forget(url);
  if (outbox.isSending(url)) await outbox.send(url);
  const headers = { Accept: "application/json", "X-CSRFToken": outbox.csrf(), ...outbox.account };
  const answer = await fetch(`${url}delete/`, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  outbox.drop(url);
  notes.delete(note.key);
  show();
  return true;
}

function newNote(passage) {
  const note = { key: randomKey(), text: "", revision: 0, ...passage };
  add(note);
  send(note);
  return note;
}

// Paint the passages, and put a button for each beside it.
function show() {
  for (const flag of root.querySelectorAll("[data-note-flag]")) {
    if (!notes.has(flag.dataset.noteFlag)) flag.remove();
  }
  const quoting = [...notes.values()].filter((note) => note.quote);
  text.find(quoting).forEach((range, place) => { quoting[place].range = range; });
  for (const note of quoting) if (note.range) showFlag(note);
  for (const heading of text.headings) showBookmark(heading);
  if (!("highlights" in CSS)) return;
  const painted = quoting.filter((note) => note.range);
  CSS.highlights.set("passage", new Highlight(...painted.filter((note) => !note.text).map((note) => note.range)));
  CSS.highlights.set("noted-passage", new Highlight(...painted.filter((note) => note.text).map((note) => note.range)));
}

function tool(classes, act) {
  const button = element("button", classes);
  button.type = "button";
  button.dataset.studyTool = "";
  button.addEventListener("click", () => act(button));
  return button;
}

function showFlag(note) {
  let flag = root.querySelector(`[data-note-flag="${note.key}"]`);
  if (!flag) {
    flag = tool("study-tool", () => edit(notes.get(note.key), flag));
    flag.dataset.noteFlag = note.key;
    const outside = note.range.endContainer.parentElement.closest("math, button, a, :not(pre) > code");
    if (outside) outside.after(flag);
    else insertAtEnd(note.range, flag);
  }
  const isNote = Boolean(note.text);
  flag.replaceChildren(icon(isNote ? "edit" : "marker"));
  flag.setAttribute("aria-label", filled(isNote ? words.noteOn : words.highlightOf, { quote: note.quote.slice(0, 80) }));
}

function insertAtEnd(range, flag) {
  const end = range.cloneRange();
  end.collapse(false);
  end.insertNode(flag);
}

const titleOf = (heading) => heading.textContent.trim();
const bookmarkOf = (heading) => [...notes.values()].find((note) => !note.quote && note.section === heading.id);

function addBookmark(heading) {
  const button = tool("study-tool", () => {
    edit(bookmarkOf(heading) ?? newNote({ section: heading.id, quote: "", before: "", after: "" }), button, titleOf(heading));
  });
  button.dataset.bookmark = heading.id;
  button.append(icon("bookmark"));
  heading.after(button);
  showBookmark(heading); // it has a name before the notes have come
}

function showBookmark(heading) {
  const button = root.querySelector(`[data-bookmark="${CSS.escape(heading.id)}"]`);
  const has = Boolean(bookmarkOf(heading));
  button.classList.toggle("is-set", has);
  button.setAttribute("aria-label", filled(has ? words.bookmarkOf : words.bookmarkSection, { title: titleOf(heading) }));
}

// The bar with the actions for selected text. It follows the selection in the tab order.
const bar = element("div", "study-bar");
bar.setAttribute("role", "toolbar");
bar.setAttribute("aria-label", words.selectedText);
bar.dataset.studyTool = "";
bar.append(
  barButton("marker", words.highlight, "h", () => spoken.textContent = words.highlighted),
  barButton("edit", words.note, "m", (note) => edit(note, root.querySelector(`[data-note-flag="${note.key}"]`))),
);
if (asks) {
  const link = element("a", "btn compact", icon("hint"), words.ask);
  link.dataset.studyTool = "";
  link.href = asks;
  link.addEventListener("click", () => { link.href = `${asks}?${new URLSearchParams({ section: selected?.section ?? "", quote: selected?.quote ?? "" })}`; });
  bar.append(link);
}
const tooLong = element("p", "small-text", words.tooLong);
bar.append(tooLong);
bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays

function barButton(glyph, label, key, then) {
  const button = tool("btn compact", () => {
    const note = newNote(selected);
    getSelection().removeAllRanges();
    hideBar();
    then(note);
  });
  button.dataset.key = key;
  button.append(icon(glyph), label);
  return button;
}

function hideBar() {
  selected = null;
  bar.remove();
}

function showBar() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return bar.contains(document.activeElement) ? null : hideBar();
  const range = selection.getRangeAt(0);
  if (!text.roots.some((part) => range.intersectsNode(part))) return hideBar();
  const passage = text.describe(range);
  if (!passage) return hideBar();
  if (passage.quote !== selected?.quote) spoken.textContent = words.barSaid;
  selected = passage;
  const isLong = passage.quote.length > LONGEST;
  tooLong.hidden = !isLong;
  for (const button of bar.querySelectorAll("button, a")) button.hidden = isLong;
  place(range);
}

// Below the end of the selection. On a phone, the style sheet keeps the bar at the bottom of the screen.
function place(range) {
  const block = text.roots.findLast((part) => range.intersectsNode(part));
  const [box, around] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
  bar.style.setProperty("--bar-top", `${box.bottom - around.top + 8}px`);
  bar.style.setProperty("--bar-left", `${Math.max(0, Math.min(box.left - around.left, around.width - 240))}px`);
  const end = range.endContainer.nodeType === Node.TEXT_NODE ? range.endContainer.parentElement : range.endContainer;
  const behind = [...block.children].findLast((child) => child.contains(end) || range.intersectsNode(child)) ?? block.lastElementChild;
  if (bar.previousElementSibling !== behind) behind.after(bar);
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(showBar, SETTLED);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && bar.isConnected) { getSelection().removeAllRanges(); hideBar(); }
});

// A click on a marked passage opens its note.
root.addEventListener("click", (event) => {
  if (event.target.closest("a, button, summary, input, textarea, .edit, .output") || !getSelection().isCollapsed) return;
  const isHit = ({ left, right, top, bottom }) => event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  const note = [...notes.values()].find(({ range }) => range && [...range.getClientRects()].some(isHit));
  if (note) edit(note, root.querySelector(`[data-note-flag="${note.key}"]`));
});

outbox.events.addEventListener("acknowledged", ({ detail: { url, data } }) => {
  const note = url.startsWith(base) && notes.get(url.slice(base.length, -1));
  if (!note) return;
  note.revision = data.revision;
  panel.saved(note, data.words);
});
outbox.events.addEventListener("refused", ({ detail: { url, data } }) => {
  const note = url.startsWith(base) && notes.get(url.slice(base.length, -1));
  if (!note) return;
  panel.refused(note, data);
});
for (const type of ["changed", "connection"]) outbox.events.addEventListener(type, () => panel.showState());
outbox.events.addEventListener("signed-out", () => panel.signedOut());
addEventListener("pagehide", outbox.flush);
start();
