// Keyboard shortcuts for all pages. A page adds its own: the key n activates the link or button with data-key="n".
// People who use voice control, or press keys by accident, can turn shortcuts off; this browser remembers the choice.
const { shortcuts, search } = document.body.dataset;
const isExam = document.querySelector("[data-exam]") !== null; // there is no palette in an exam
const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const isWorkedOn = document.querySelector("[data-learner]") !== null; // leaving would interrupt an exam or a lab
const STORED = "finalcheck-single-keys";
let isOn = remembered() !== "off";

// Some browsers block localStorage; then the choice lasts until the page is closed.
function remembered() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function remember() {
  try {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  } catch {
    // no storage
  }
}

function prepareSwitch(list) {
  const part = list.querySelector("[data-keys-switch]");
  const box = part?.querySelector("input");
  if (!box) return;
  part.hidden = false;
  box.checked = isOn;
  box.addEventListener("change", () => {
    isOn = box.checked;
    remember();
  });
}

// On the search page, the field takes the focus. Any other page opens the palette, but an exam leads to the search.
function startSearch() {
  const field = document.querySelector("main [type=search][name=q]");
  if (!field) return isExam ? location.assign(search) : openPalette();
  field.focus();
  field.select();
}

// The palette is loaded when it is opened for the first time.
async function openPalette() {
  if (document.querySelector("dialog:modal")) return;
  try {
    const palette = await import("./palette.js");
    await palette.openPalette();
  } catch ({ name }) {
    const isUnreachable = ["TypeError", "TimeoutError"].includes(name); // as fetch and import report it
    if (isWorkedOn && isUnreachable) sayOffline();
    else location.assign(search); // which works without the palette, or says what is wrong
  }
}

// Says in one line what the offline page says, which the worker has kept.
async function sayOffline() {
  const kept = await globalThis.caches?.match("/offline/");
  const title = kept && new DOMParser().parseFromString(await kept.text(), "text/html").querySelector("h1");
  if (!title) return;
  const line = document.createElement("p");
  line.popover = "auto";
  line.className = "note";
  line.textContent = title.textContent.trim();
  line.setAttribute("role", "status");
  line.addEventListener("toggle", ({ newState }) => { if (newState === "closed") line.remove(); });
  document.body.append(line);
  line.showPopover();
}

// Ctrl-K, and Cmd-K on a Mac, where Ctrl-K deletes to the end of the line in every field. No editor of ours uses this key.
function isPaletteChord(event) {
  const { ctrlKey, metaKey } = event;
  return event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey && (isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey);
}

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

async function showList() {
  const here = document.querySelector("main #shortcut-list");
  if (here) return here.scrollIntoView();
  const open = document.querySelector("dialog#keys");
  if (open) return open.showModal();
  const list = await fetchList();
  if (list) showDialog(list);
  else if (!isWorkedOn) location.assign(shortcuts); // which says what is wrong
}

async function fetchList() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(shortcuts)).text(), "text/html");
    return page.querySelector("#shortcut-list");
  } catch {
    return null; // no connection
  }
}

function showDialog(list) {
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.append(...list.children);
  dialog.setAttribute("aria-labelledby", "keys-title");
  document.body.append(dialog);
  dialog.querySelector("form").method = "dialog";
  prepareSwitch(dialog);
  const title = dialog.querySelector("#keys-title");
  title.tabIndex = -1;
  title.autofocus = true; // or else the switch at the end takes the focus, and the list opens at its end
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (isPaletteChord(event) && !event.defaultPrevented && !isExam && search) {
    event.preventDefault();
    openPalette();
    return;
  }
  if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const actions = { "?": showList, "/": startSearch };
  const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = actions[event.key] ?? (place && (() => place.click()));
  if (!action) return;
  event.preventDefault();
  action();
});

// The magnifier in the bar opens the palette too. Without a script, or in another tab, it leads to the search.
const magnifier = isExam ? null : document.querySelector(`header a[href="${search}"]:not([aria-current])`);
magnifier?.setAttribute("aria-haspopup", "dialog");
magnifier?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  openPalette();
});

addEventListener("storage", ({ key, newValue }) => { if (key === STORED) isOn = newValue !== "off"; });
prepareSwitch(document);
