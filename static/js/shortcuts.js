// Keys that work everywhere. A page adds its own: a link or button with data-key="n" is followed by n.
// Whoever speaks to the browser, or holds a key by mistake, can switch them off here; this browser remembers it.
const { shortcuts, search } = document.body.dataset;
const STORED = "finalcheck-single-keys";
let isOn = remembered() !== "off";

// Some browsers forbid storing anything; then the choice lasts as long as the page.
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
    // nothing to keep it in
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

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

async function showList() {
  const here = document.querySelector("main #shortcut-list");
  if (here) return here.scrollIntoView();
  const open = document.querySelector("dialog#keys");
  if (open) return open.showModal();
  const page = new DOMParser().parseFromString(await (await fetch(shortcuts)).text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.append(...page.querySelector("#shortcut-list").children);
  dialog.setAttribute("aria-labelledby", "keys-title");
  document.body.append(dialog);
  dialog.querySelector("form").method = "dialog";
  prepareSwitch(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (!isOn || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const actions = { "?": showList, "/": () => location.assign(search) };
  const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = actions[event.key] ?? (place && (() => place.click()));
  if (!action) return;
  event.preventDefault();
  action();
});

addEventListener("storage", ({ key, newValue }) => { if (key === STORED) isOn = newValue !== "off"; });
prepareSwitch(document);
