// Keyboard shortcuts for all pages. A page adds its own: the key n activates the link or button with data-key="n".
// People who use voice control, or press keys by accident, can turn shortcuts off; this browser remembers the choice.
const { shortcuts, search } = document.body.dataset;
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

// On the search page, the field takes the focus; any other page leads there.
function startSearch() {
  const field = document.querySelector("main [type=search][name=q]");
  if (!field) return location.assign(search);
  field.focus();
  field.select();
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
  if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const actions = { "?": showList, "/": startSearch };
  const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = actions[event.key] ?? (place && (() => place.click()));
  if (!action) return;
  event.preventDefault();
  action();
});

addEventListener("storage", ({ key, newValue }) => { if (key === STORED) isOn = newValue !== "off"; });
prepareSwitch(document);
