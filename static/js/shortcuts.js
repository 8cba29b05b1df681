// Keys that work everywhere. A page adds its own: a link or button with data-key="n" is followed by n.
const { shortcuts, search } = document.body.dataset;

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

async function showList() {
  const open = document.querySelector("dialog#keys");
  if (open) return open.showModal();
  const page = new DOMParser().parseFromString(await (await fetch(shortcuts)).text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.id = "keys";
  dialog.append(...page.querySelector("#shortcut-list").children);
  dialog.setAttribute("aria-labelledby", "keys-title");
  document.body.append(dialog);
  dialog.querySelector("form").method = "dialog";
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const actions = { "?": showList, "/": () => location.assign(search) };
  const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = actions[event.key] ?? (place && (() => place.click()));
  if (!action) return;
  event.preventDefault();
  action();
});
