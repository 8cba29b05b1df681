// Text that was typed but not acknowledged yet. localStorage holds each entry until the server has it, so that neither
// a lost connection nor a closed tab loses it. Any page with this module sends the entries.
//
// An entry is {body, revision, isHeld, isLate} under the address that takes it. `body` is the form, url-encoded, without
// `revision`, which belongs to the last acknowledged save. A held entry waits until the learner decides.
const RETRY = 3000;
const AGAIN = [408, 429]; // it came too slowly, or too many came at the same time
const PATIENCE = 10000;
const PAUSE = 300; // after the last keystroke
const LONGEST = 800; // while the typing continues
const MOST_KEPT_ALIVE = 60000; // characters that a browser still sends after its page is closed
const learner = document.querySelector("[data-learner]")?.dataset.learner;
const prefix = `finalcheck:${learner}:`;
// Tells the server whose page this is. If another account has signed in since, it refuses the request, so that nothing
// typed here is stored under another name.
export const account = learner ? { "X-Page-Account": learner } : {};
const inFlight = new Map(); // promises of answers
const timers = new Map();
const storage = usable(() => localStorage) ?? usable(() => sessionStorage) ?? memory();
let isOnline = navigator.onLine;
let isRefusing = false; // the server answered, but could not take the last entry

// Some browsers block localStorage; then the entries stay in this page's memory.
function usable(find) {
  try {
    const found = find();
    found.setItem("finalcheck", "");
    found.removeItem("finalcheck");
    return found;
  } catch {
    return null;
  }
}

function memory() {
  const kept = {};
  return Object.defineProperties(kept, {
    getItem: { value: (key) => kept[key] ?? null },
    setItem: { value: (key, value) => { kept[key] = value; } },
    removeItem: { value: (key) => { delete kept[key]; } },
  });
}

export const events = new EventTarget();

function tell(type, detail = {}) {
  events.dispatchEvent(new CustomEvent(type, { detail }));
}

export function read(url) {
  return JSON.parse(storage.getItem(prefix + url));
}

export function keep(url, entry) {
  storage.setItem(prefix + url, JSON.stringify(entry));
  tell("changed");
}

export function drop(url) {
  storage.removeItem(prefix + url);
  tell("changed");
}

export function addresses() {
  return Object.keys(storage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

export function waiting() {
  return addresses().filter((url) => !read(url).isHeld && !read(url).isLate);
}

export function isSending(url) {
  return inFlight.has(url);
}

export function isConnected() {
  return isOnline;
}

// Tells whether what is waiting cannot be sent now, so that the page says that it is kept here.
export function isHeldUp() {
  return !isOnline || isRefusing;
}

export function setConnected(value) {
  if (value === isOnline) return;
  isOnline = value;
  tell("connection");
  if (isOnline) sendAll();
}

export function sendAll() {
  return Promise.all(waiting().map(send));
}

// Sends within a second: when the typing pauses, or after the longest wait.
export function sendSoon(url) {
  const timer = timers.get(url) ?? { since: performance.now() };
  clearTimeout(timer.id);
  const pause = Math.max(0, Math.min(PAUSE, timer.since + LONGEST - performance.now()));
  timer.id = setTimeout(() => { timers.delete(url); send(url); }, pause);
  timers.set(url, timer);
}

export function forget(url) {
  clearTimeout(timers.get(url)?.id);
  timers.delete(url);
}

export function flush() {
  for (const url of [...timers.keys()]) forget(url);
  return sendAll();
}

// A flush also waits for requests under way: a page that leaves before the answer never hears of a refusal.
export async function send(url) {
  const entry = read(url);
  if (!entry || entry.isHeld || entry.isLate) return;
  if (inFlight.has(url)) return inFlight.get(url);
  inFlight.set(url, post(url, entry));
  const answer = await inFlight.get(url);
  inFlight.delete(url);
  if (!answer) return setTimeout(() => send(url), RETRY);
  const { status, data } = answer;
  const latest = read(url);
  if (!latest) return; // a Check has consumed it
  if (data.code === "sitting_paused") {
    tell("paused"); // it waits until the exam goes on
  } else if (status === 200) {
    acknowledged(url, entry, latest, data);
  } else {
    keep(url, { ...latest, isHeld: true, isLate: data.code === "sitting_over" });
    tell("refused", { url, status, data });
  }
}

function acknowledged(url, entry, latest, data) {
  if (latest.body === entry.body) drop(url);
  else keep(url, { ...latest, revision: data.revision ?? latest.revision });
  tell("acknowledged", { url, data, isNewest: latest.body === entry.body });
  if (latest.body !== entry.body) send(url);
}

// Returns null if it makes sense to try again: no connection, a server error, or somebody else or nobody is signed in.
// The last two are answered with a page instead of JSON.
async function post(url, entry) {
  const body = new URLSearchParams(entry.body);
  if (entry.revision !== undefined) body.set("revision", entry.revision);
  const headers = { Accept: "application/json", "X-CSRFToken": csrf(), ...account };
  const keepalive = entry.body.length < MOST_KEPT_ALIVE;
  try {
    const answer = await fetch(url, { method: "POST", body, headers, redirect: "manual", keepalive, signal: AbortSignal.timeout(PATIENCE) });
    setConnected(true);
    if (answer.type === "opaqueredirect") return tell("signed-out");
    isRefusing = answer.status >= 500 || AGAIN.includes(answer.status);
    if (isRefusing) return tell("changed");
    if (!answer.headers.get("Content-Type")?.includes("json")) return tell("signed-out");
    return { status: answer.status, data: await answer.json() };
  } catch {
    setConnected(false);
    return null;
  }
}

// Read from the cookie, because signing in again in another tab changes the token.
export function csrf() {
  const found = (name) => document.cookie.match(`(?:^|; )${name}=([^;]+)`)?.[1];
  return found("__Host-csrftoken") ?? found("csrftoken") ?? ""; // the second of a demo, or of the last release
}

addEventListener("offline", () => setConnected(false));
addEventListener("online", sendAll);
sendAll();
