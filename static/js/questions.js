// Question cards: saves drafts automatically, replaces the card after a Check (htmx) and never loses typed text.
import * as outbox from "./outbox.js";
import { arrange, prepareOrderings } from "./ordering.js";
import { element, filled, icon, words } from "./words.js";

const NOT_OF_THE_DRAFT = ["csrfmiddlewaretoken", "next", "number", "revision", "version"];

const forms = () => [...document.querySelectorAll("form[data-draft]")];
const formOf = (url) => forms().find((form) => form.dataset.draft === url);

function bodyOf(form) {
  const fields = [...new FormData(form)].filter(([name]) => !NOT_OF_THE_DRAFT.includes(name));
  return new URLSearchParams(fields).toString();
}

function record(form) {
  const url = form.dataset.draft;
  const before = outbox.read(url);
  // A conflict stays open until the learner chooses. What came too late belongs to an end that is past: time was added,
  // or the sitting was voided.
  const isHeld = Boolean(before?.isHeld && !before.isLate);
  outbox.keep(url, { ...before, isHeld, isLate: false, body: bodyOf(form), revision: Number(form.elements.revision.value) });
  outbox.sendSoon(url);
}

export const flush = outbox.flush;

document.addEventListener("input", recordOf);
document.addEventListener("change", recordOf);
function recordOf(event) {
  const form = event.target.closest("form[data-draft]");
  if (form && event.target.type !== "hidden") record(form);
}

// The Return key in a text field saves and goes to the button; only the button checks.
document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-save]")) return;
  event.preventDefault();
  record(event.target);
  flush();
  event.target.querySelector("[data-check]")?.focus();
});

// Records what somebody has typed while this script was on its way, unless older text waits to be restored.
function recordEarly() {
  const field = document.activeElement;
  const form = field?.matches("input, textarea") && field.closest("form[data-draft]");
  if (form && field.value !== field.defaultValue && !outbox.read(form.dataset.draft)) record(form);
}

// Restores text that a closed tab or a lost connection left unsent.
function restore() {
  for (const url of outbox.addresses()) {
    const form = formOf(url);
    if (form) bringBack(form, url);
  }
  outbox.sendAll();
}

function bringBack(form, url) {
  const entry = outbox.read(url);
  if (!entry || entry.isLate) return;
  fill(form, new URLSearchParams(entry.body));
  if (entry.isHeld) outbox.keep(url, { ...entry, isHeld: false });
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || NOT_OF_THE_DRAFT.includes(field.name) || field.type === "hidden") continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.getAll(field.name).includes(field.value);
    else field.value = values.get(field.name) ?? "";
  }
  for (const list of form.querySelectorAll("[data-ordering]")) arrange(list);
}

outbox.events.addEventListener("acknowledged", ({ detail: { url, data, isNewest } }) => {
  const form = formOf(url);
  if (!form) return;
  form.elements.revision.value = data.revision;
  if (isNewest) markSaved(form, data);
});

// `problem` says why the response would not be graded as it is.
function markSaved(form, { words: time, is_blank: isBlank, problem = "" }) {
  const card = form.closest("[data-question]");
  card.dataset.problem = problem;
  if (problem) line(form, "warn", filled(words.noPoints, { problem }), "no");
  else line(form, "saved", `${words.saved} ${time}`, "ok", words.saved);
  setState(card, isBlank ? (form.elements.number.value === "1" ? "seen" : "checked") : "saved");
  const shown = card.querySelector("[data-question-state]");
  if (isBlank || !shown) return;
  shown.replaceChildren(icon(problem ? "warn" : "half"), element("span", "", problem || words.unchecked));
  shown.className = problem ? "state no" : "state";
}

// `told` is announced if it differs from what was announced before, so that a screen reader hears of the first save, of a
// lost connection and of the next save, but not of every save while somebody types.
function line(form, glyph, text, tone, told = text) {
  const [place, announcer] = [form.querySelector("[data-saved]"), document.querySelector("[data-announcer]")];
  if (announcer && form.told !== told) announcer.textContent = told;
  form.told = told;
  place.hidden = false;
  place.className = `state kept ${tone}`;
  place.replaceChildren(icon(glyph), element("span", "", text));
}

// Tells the navigator.
function setState(card, state) {
  if (!card) return;
  card.dataset.standingNow = state;
  const { question, outcome, problem } = card.dataset;
  document.dispatchEvent(new CustomEvent("question-state", { detail: { question, state, problem, outcome, isOpen: "accepts" in card.dataset } }));
}

outbox.events.addEventListener("refused", ({ detail: { url, data } }) => {
  const form = formOf(url);
  if (data.code === "stale_draft" && form) offerBoth(form, url, data);
  else if (data.code === "sitting_over") document.dispatchEvent(new CustomEvent("over"));
  else if (data.code === "stale_draft") return; // held: the question's page offers both versions
  else if (form) { outbox.drop(url); location.reload(); }
  else outbox.drop(url);
});

function offerBoth(form, url, { stored, yours, revision }) {
  const place = form.querySelector("[data-two]");
  const keepHere = element("button", "btn", words.keepHere);
  const takeThere = element("button", "btn", words.takeThere);
  keepHere.type = takeThere.type = "button";
  keepHere.addEventListener("click", () => {
    form.elements.revision.value = revision;
    place.hidden = true;
    outbox.keep(url, { body: bodyOf(form), revision });
    outbox.send(url);
  });
  takeThere.addEventListener("click", () => { outbox.drop(url); location.reload(); });
  const texts = element("dl", "key-values");
  texts.append(element("dt", "", words.there), element("dd", "", stored), element("dt", "", words.here), element("dd", "", yours));
  const note = element("div", "note warning", icon("warn"), element("div", "stack", element("p", "bold", words.two), texts, element("p", "row tight", keepHere, takeThere)));
  note.setAttribute("role", "alert");
  place.replaceChildren(note);
  place.hidden = false;
}

// Check
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const url = target.closest("form[data-draft]")?.dataset.draft;
  if (url) outbox.forget(url);
});
// Only a fragment is inserted into the page. If the response is a whole page (an error or the sign-in form), its message is
// shown beside the form.
const FRAGMENTS = [200, 400, 403, 404, 409, 422, 429];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  detail.isError = false;
  detail.shouldSwap = FRAGMENTS.includes(xhr.status) && !isWholePage(xhr.responseText);
  const { elt, path } = detail.requestConfig;
  if (!detail.shouldSwap) refuse(elt.closest("form"), sentenceOf(xhr));
  // A checked response is done. One that an outdated page could not check stays in the form and is saved again.
  else if (xhr.status === 200) outbox.drop(elt.closest("form[data-draft]")?.dataset.draft ?? path.replace(/check\/$/, "draft/"));
});
const isWholePage = (text) => /<!doctype|<html|<body/i.test(text.slice(0, 1000));
function sentenceOf({ status, responseText }) {
  const page = new DOMParser().parseFromString(responseText, "text/html");
  return page.querySelector("[data-sentence] p")?.textContent || (status === 200 ? words.signIn : words.refused);
}
function refuse(form, text) {
  const note = element("div", "note no", icon("cross"), element("p", "", text));
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  form.querySelector("[data-refusal]").replaceChildren(note);
  note.focus();
}
function keepTyping(card) {
  const url = `/questions/${card.dataset.question}/draft/`;
  const form = formOf(url);
  const entry = outbox.read(url);
  if (!entry || entry.isLate) return;
  if (!form) return outbox.drop(url);
  const isFree = card.dataset.standingNow !== "saved";
  outbox.keep(url, { ...entry, isHeld: false, revision: isFree ? Number(form.elements.revision.value) : entry.revision });
  bringBack(form, url);
  outbox.send(url);
}
document.addEventListener("htmx:sendError", ({ target }) => {
  const form = target.closest("form[data-draft]");
  if (!form) return;
  outbox.setConnected(false);
  record(form);
  line(form, "off", words.notChecked, "now");
});
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  prepareOrderings(elt);
  const card = elt.matches?.("[data-question]") ? elt : elt.querySelector?.("[data-question]");
  if (card && elt !== document.body) keepTyping(card);
  if (card && elt !== document.body) setState(card, card.dataset.standingNow);
  if (elt.matches?.("[data-moment]")) document.querySelector("[data-announcer]").textContent = elt.textContent.trim();
  showConnection();
});

// The connection
function showConnection() {
  const isConnected = outbox.isConnected();
  for (const button of document.querySelectorAll("[data-check]")) {
    const told = document.getElementById(button.getAttribute("aria-describedby"));
    button.disabled = !isConnected;
    told.dataset.words ??= told.textContent;
    told.textContent = isConnected ? told.dataset.words : words.waits;
  }
}
outbox.events.addEventListener("connection", showConnection);
outbox.events.addEventListener("changed", () => {
  if (!outbox.isHeldUp()) return;
  for (const url of outbox.waiting()) {
    const form = formOf(url);
    if (form) line(form, "off", words.kept, "now");
  }
});
outbox.events.addEventListener("signed-out", () => {
  for (const url of outbox.waiting()) {
    const form = formOf(url);
    if (form) line(form, "warn", words.signedOut, "now");
  }
});

// After the end: lists the responses that arrived too late, also those that this page sends itself.
function showLate() {
  const place = document.querySelector("[data-late-list]");
  if (!place) return;
  const late = outbox.addresses().filter((url) => outbox.read(url).isLate);
  place.hidden = !late.length;
  const done = element("button", "btn compact", words.lateDone);
  done.type = "button";
  done.addEventListener("click", () => { late.forEach(outbox.drop); });
  const numbers = late.map((url) => numberOf(url)).filter(Boolean).map((number) => `${words.lateQuestion} ${number}`).join(", ");
  place.replaceChildren(element("div", "note warning spaced", icon("warn"), element("div", "stack", element("p", "", `${words.late} ${numbers}`), done)));
}
outbox.events.addEventListener("changed", showLate);

function numberOf(url) {
  const question = url.split("/").at(-3);
  return document.querySelector(`#q-${question} .question-number`)?.textContent;
}


addEventListener("pagehide", flush);
prepareOrderings(document);
recordEarly();
restore();
showConnection();
showLate();
