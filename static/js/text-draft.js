// An author's draft of a text: kept in the browser from the moment it is typed and sent within a second. It says
// "Draft saved" only once the server has the draft. The page works without this script: its buttons save the draft, too.
import { enlivenFigures } from "./figures.js";
import { askBeforeLeaving } from "./leaving.js";
import * as outbox from "./outbox.js";
import { element, icon, words } from "./words.js";

const form = document.querySelector("form[data-text-draft]");
const url = form.dataset.textDraft;
const { text, revision, began, reason } = form.elements;
const status = form.querySelector("[data-draft-status]");
const notes = document.querySelector("[data-draft-notes]");
let savedAt = "";
let shown = null;
let pressed = null; // the button that waits for a save

const body = () => new URLSearchParams({ text: text.value, began: began.value }).toString();
const typedIn = (entry) => new URLSearchParams(entry.body).get("text");

function record() {
  outbox.keep(url, { ...outbox.read(url), body: body(), revision: Number(revision.value) });
  outbox.sendSoon(url);
}

// Restore what a killed tab or a lost connection left unsent, unless the page already has it.
function restore() {
  const entry = outbox.read(url);
  if (!entry) return;
  if (typedIn(entry) === text.value) return outbox.drop(url);
  show(typedIn(entry));
  note(words.restored, []);
  outbox.keep(url, { ...entry, isHeld: false });
  outbox.send(url);
}

// Into the box, and into the preview that listens to it.
function show(value) {
  text.value = value;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function tell(glyph, tone, sentence) {
  status.className = `state ${tone}`;
  status.replaceChildren(icon(glyph), element("span", "", sentence));
}

function showState() {
  const entry = outbox.read(url);
  if (entry?.isHeld) return;
  if (entry && outbox.isHeldUp()) tell("off", "now", words.unsaved);
  else if (entry) tell("saved", "mute", words.saving);
  else if (savedAt) tell("saved", "ok", `${words.saved} ${savedAt}`);
}

function refused(data) {
  pressed = null;
  tell("warn", "no", words.notSaved);
  if (!data.draft) return note(data.detail, [choice(words.reload, () => location.reload())]);
  const keep = choice(words.keepHere, () => {
    revision.value = data.draft.revision;
    outbox.keep(url, { body: body(), revision: data.draft.revision });
    outbox.send(url);
  });
  const take = choice(words.takeThere, () => {
    outbox.drop(url);
    location.reload();
  });
  note(data.detail, [keep, take], data.draft.text);
}

function choice(sentence, act) {
  const button = element("button", "btn compact", sentence);
  button.type = "button";
  button.addEventListener("click", () => { shown.remove(); act(); });
  return button;
}

function note(sentence, buttons, other = null) {
  shown?.remove();
  const parts = [element("p", "", sentence)];
  if (other !== null) {
    const pre = element("pre", "", other);
    pre.tabIndex = 0;
    parts.push(element("details", "", element("summary", "small-text", words.there), pre));
  }
  if (buttons.length) parts.push(element("p", "row tight", ...buttons));
  shown = element("div", "note warning", icon("warn"), element("div", "stack", ...parts));
  shown.setAttribute("role", "alert");
  notes.append(shown);
}

const preview = document.querySelector("#preview");
enlivenFigures(preview);
preview.addEventListener("htmx:afterSwap", () => enlivenFigures(preview));
// A mistake leads to its line: the line is selected, so that it is seen and heard.
preview.addEventListener("click", (event) => {
  const number = Number(event.target.closest("[data-line]")?.dataset.line);
  if (!number) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  text.scrollTop = (number - 5) * parseFloat(getComputedStyle(text).lineHeight);
});
text.addEventListener("input", (event) => { if (event.isTrusted) { pressed = null; record(); } });
// The form carries the text itself. A save on its way must arrive first, or the form's revision is already stale.
form.addEventListener("submit", (event) => {
  outbox.forget(url);
  if (!outbox.isSending(url)) return;
  event.preventDefault();
  pressed = event.submitter;
});
// A discarded draft does not come back from this browser.
document.querySelector("form[data-discard]")?.addEventListener("submit", () => { outbox.forget(url); outbox.drop(url); });
outbox.events.addEventListener("acknowledged", ({ detail: { url: sent, data } }) => {
  if (sent !== url) return;
  revision.value = data.revision;
  savedAt = data.words;
  showState();
  const button = pressed;
  pressed = null;
  if (button) form.requestSubmit(button);
});
outbox.events.addEventListener("refused", ({ detail }) => { if (detail.url === url) refused(detail.data); });
outbox.events.addEventListener("signed-out", () => { pressed = null; tell("warn", "now", words.signedOut); });
outbox.events.addEventListener("changed", showState);
outbox.events.addEventListener("connection", () => { pressed = null; showState(); });
addEventListener("pagehide", outbox.flush);
askBeforeLeaving(form, () => outbox.read(url) !== null || reason.value !== reason.defaultValue);
restore();
