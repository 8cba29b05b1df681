// The running exam: time, pauses, navigator, flags, connection. Without this script every link and button still works.
import { Clock } from "./clock.js";
import { navigate } from "./paper.js";
import { flush } from "./questions.js";
import * as outbox from "./outbox.js";
import { element, icon, words } from "./words.js";

const POLL = 4000;
const LAST_FLUSH = 3000;
const section = document.querySelector("[data-clock]");
const isWatched = section && !("viewing" in section.dataset); // an instructor's view sends and stores nothing
const clock = section && new Clock(section, document.querySelector("[data-announcer]"));
let isLeaving = false;
let isPaused = false;

// The end of the exam. If the browser is offline, the page stays until the connection is back.
async function leave() {
  if (isLeaving) return;
  isLeaving = true;
  await lastFlush();
  if (!outbox.isConnected()) {
    await new Promise((done) => outbox.events.addEventListener("connection", done, { once: true }));
    await lastFlush();
  }
  location.assign(section.dataset.over);
}

function lastFlush() {
  return Promise.race([flush(), new Promise((done) => setTimeout(done, LAST_FLUSH))]);
}

async function ask() {
  const sentAt = performance.now();
  try {
    const answer = await fetch(section.dataset.clock, { headers: { Accept: "application/json", ...outbox.account }, signal: AbortSignal.timeout(POLL) });
    outbox.setConnected(true);
    if (answer.status === 404) return leave(); // the sitting is void or settled; the exam's page shows the reason or the result
    if (!answer.ok || answer.redirected) return; // to the page for signing in, or somebody else is signed in
    const { server_time: serverTime, deadline_at: deadlineAt, submitted_at: submittedAt, paused_at: pausedAt } = await answer.json();
    clock.hear(Date.parse(serverTime), (sentAt + performance.now()) / 2);
    await setPaused(Boolean(pausedAt));
    if (isPaused) return;
    if (clock.setDeadline(deadlineAt)) await sayAdded();
    if (submittedAt) leave();
  } catch {
    outbox.setConnected(false);
  }
}

// During a pause, the page shows a notice instead of the paper. The paper stays in the page with all that was typed,
// and comes back when the clock runs again.
async function setPaused(value) {
  if (value === isPaused) return;
  const exam = document.querySelector("[data-exam]");
  if (value) {
    const notice = (await pageAt(section.dataset.over)).querySelector("[data-pause]");
    if (!notice || isPaused) return; // resumed in the meantime, or asked twice
    notice.querySelector("form")?.addEventListener("submit", resume);
    exam.prepend(notice);
    document.querySelector("[data-announcer]").textContent = notice.querySelector("h1").textContent;
  } else {
    exam.querySelector("[data-pause]").remove();
    outbox.sendAll();
  }
  isPaused = value;
  exam.toggleAttribute("data-paused", value);
}

async function resume(event) {
  event.preventDefault();
  const body = new FormData(event.target);
  try {
    await fetch(event.target.action, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": outbox.csrf() } });
    await ask();
  } catch {
    outbox.setConnected(false);
  }
}

async function pageAt(address) {
  return new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
}

// Fetches the current page, which says how many minutes were added, and why; or when an exam without a clock now closes.
async function sayAdded() {
  const page = await pageAt(location.href);
  const until = page.querySelector("[data-until]"); // of an exam without a clock
  if (until) section.querySelector("[data-until]").replaceWith(until);
  const said = page.querySelector("[data-added]");
  if (!said || said.hidden) return;
  section.querySelector("[data-added]").replaceWith(said);
  document.querySelector("[data-announcer]").textContent = said.textContent;
}

// Nobody sees a page in the background; it asks when it is shown again.
async function watch() {
  if (!document.hidden) await ask();
  setTimeout(watch, POLL);
}

function tick() {
  if (isPaused) return;
  clock.show();
  if (clock.left() <= 0) leave();
}

// The save status: "Saved" means that the server has acknowledged it.
const status = document.querySelector("[data-status]");
function showStatus(time) {
  const waiting = outbox.waiting().filter((url) => url.endsWith("/draft/")).length;
  if (!status) return;
  const choice = outbox.addresses().filter(isUndecided).map(wayToChoice).find(Boolean);
  if (choice) say("warn", choice, "no");
  else if (outbox.isHeldUp() && waiting) say("off", `${waiting} ${words.unsent}`, "now");
  else if (waiting) say("saved", words.saving, "mute");
  else if (time) say("saved", `${words.saved} ${time}`, "ok");
}
function say(glyph, text, tone) {
  status.className = `state ${tone}`;
  status.replaceChildren(icon(glyph), element("span", "", text));
}

// A draft typed here, held back because another was saved elsewhere.
function isUndecided(url) {
  const { isHeld, isLate } = outbox.read(url);
  return url.endsWith("/draft/") && isHeld && !isLate;
}

// A link to the choice between two responses: on this paper, or from the page for handing in. Null for another exam's.
function wayToChoice(url) {
  const owner = document.querySelector(`[data-draft="${url}"]`);
  const position = owner?.closest("[data-position]")?.dataset.position;
  const target = position ? document.querySelector(`[data-nav] [data-go="${position}"]`) : owner;
  if (!target?.href) return null;
  const link = element("a", "", words.choose);
  link.href = target.href;
  link.dataset.choice = "";
  if (position) link.dataset.go = position; // the paper shows the question
  return link;
}

function leadToChoice({ target }) {
  if (!target.closest("a[data-choice][data-go]")) return;
  const shown = [...document.querySelectorAll("[data-two]")].find((two) => two.checkVisibility());
  shown?.scrollIntoView({ block: "center" });
  shown?.querySelector("button").focus({ preventScroll: true });
}

let savedAt = "";
outbox.events.addEventListener("acknowledged", ({ detail: { data } }) => {
  savedAt = data.words ?? savedAt;
  showStatus(savedAt);
});
outbox.events.addEventListener("changed", () => showStatus(savedAt));
outbox.events.addEventListener("connection", () => { showOffline(); showStatus(savedAt); });

const banner = document.querySelector("[data-offline-banner]");
function showOffline() {
  banner.hidden = outbox.isConnected();
  if (banner.hidden) return banner.replaceChildren();
  const since = clock ? clock.format(clock.now()) : "";
  const text = element("p", "", element("b", "bold", `${words.offline} ${since}.`), ` ${words.offlineSafe}`);
  banner.replaceChildren(element("div", "note warning offline-note", icon("off"), text));
}

// Handing in waits until every response is sent.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-hand-in]");
  if (!link || !outbox.waiting().length) return;
  event.preventDefault();
  await flush();
  if (!outbox.waiting().length) location.assign(link.href);
});

// The page for handing in lists the questions without a choice.
const conflicts = document.querySelector("[data-conflicts]");
function showConflicts() {
  if (!conflicts) return;
  const links = [...conflicts.querySelectorAll("[data-draft]")];
  for (const link of links) link.hidden = !outbox.read(link.dataset.draft)?.isHeld;
  conflicts.hidden = links.every((link) => link.hidden);
}
outbox.events.addEventListener("changed", showConflicts);

outbox.events.addEventListener("paused", () => { if (isWatched && !isPaused) ask(); });
document.addEventListener("over", () => section && leave());
document.addEventListener("visibilitychange", () => { if (!document.hidden && isWatched) ask(); });

if (section) {
  tick();
  setInterval(tick, 250);
}
if (isWatched) {
  const paper = document.querySelector("[data-paper]");
  if (paper) navigate(paper, document.querySelector("[data-nav]"));
  document.addEventListener("click", leadToChoice); // after the paper's own listener has shown the question
  watch();
}
if (!outbox.isConnected()) showOffline();
showConflicts();
showStatus(savedAt);
