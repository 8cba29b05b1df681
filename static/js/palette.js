// The command palette: a dialog with a field and a list of pages, sections, terms, notes, recent pages and actions. It is
// fetched when it is opened for the first time on a page; the notes come after it.
const { search } = document.body.dataset;
const MOST = 40;
const NOTES_AT_ONCE = 200;
const PATIENCE = 10000;
const STYLE_PATIENCE = 1000; // a palette without its style sheet is still a list
const MARKS = /\p{M}/gu;
let opened = null;

// Opens the palette. Throws if it cannot be fetched.
export async function openPalette() {
  opened ??= await fetchPalette();
  opened.show();
}

// The course of the page is the one to which the bar leads.
function courseOfPage() {
  return document.querySelector("header nav a[href^='/courses/']")?.getAttribute("href").split("/")[2] ?? "";
}

async function fetchPalette() {
  const slug = courseOfPage();
  const query = slug ? `?${new URLSearchParams({ course: slug })}` : "";
  const answer = await fetch(`${search}palette/${query}`, { signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`The palette was answered with ${answer.status}.`);
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-palette]");
  document.body.append(dialog);
  await styled(dialog.querySelector("link"));
  return paletteIn(dialog);
}

function styled(link) {
  if (link.sheet) return null;
  return new Promise((done) => {
    for (const type of ["load", "error"]) link.addEventListener(type, done, { once: true });
    setTimeout(done, STYLE_PATIENCE);
  });
}

function paletteIn(dialog) {
  const words = dialog.dataset;
  const field = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[data-palette-status]");
  const lines = JSON.parse(dialog.querySelector("#palette-lines").textContent).map(([kind, title, detail, url]) => prepared({ kind, title, detail, url }));
  let notes = [];
  let shown = [];
  let selected = -1;
  let hasMoved = false; // by an arrow, since the last key that was typed

  function update() {
    const wanted = folded(field.value).split(/\s+/).filter(Boolean);
    shown = wanted.length ? matches(wanted) : [...recentOf(words, lines), ...actionsIn(dialog)];
    list.replaceChildren(...shown.map((line, index) => optionFor(line, index, words)));
    const count = shown.filter((line) => line.kind !== "search").length;
    const result = count === 1 ? words.one : words.some.replace("{n}", count);
    const line = wanted.length ? (count ? result : words.none) : words.empty;
    status.textContent = navigator.onLine ? line : words.offline;
    select(shown.length ? 0 : -1);
    hasMoved = false;
    list.scrollTop = 0;
  }

  function matches(wanted) {
    const ranked = [...actionsIn(dialog), ...lines, ...notes]
      .map((line) => ({ line, rank: rankOf(line, wanted) }))
      .filter(({ rank }) => rank > 0)
      .sort((one, other) => other.rank - one.rank);
    const typed = field.value.trim();
    const inTexts = { kind: "search", title: words.inTexts.replace("{words}", () => typed), detail: "", url: `${words.search}?${new URLSearchParams({ q: typed })}` };
    return [...ranked.slice(0, MOST).map(({ line }) => line), inTexts];
  }

  function select(index) {
    list.children[selected]?.setAttribute("aria-selected", "false");
    selected = index;
    const option = list.children[index];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function act(line, isElsewhere) {
    if (!line) return;
    dialog.close();
    if (line.press) line.press();
    else if (isElsewhere) open(line.url, "_blank", "noopener");
    else location.assign(line.url);
  }

  const moves = {
    ArrowDown: () => (selected + 1) % shown.length,
    ArrowUp: () => (selected - 1 + shown.length) % shown.length,
    PageDown: () => Math.min(selected + 8, shown.length - 1),
    PageUp: () => Math.max(selected - 8, 0),
  };
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return; // Enter confirms what an input method offers
    const move = moves[event.key];
    if (event.key === "Enter") act(shown[selected], event.ctrlKey || event.metaKey);
    else if (move && shown.length) select(move());
    else return;
    hasMoved = true;
    event.preventDefault();
  });
  field.addEventListener("input", update);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) act(shown[[...list.children].indexOf(option)], event.ctrlKey || event.metaKey);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog && isOutside(dialog, event)) dialog.close(); });
  for (const type of ["online", "offline"]) addEventListener(type, () => { if (dialog.open) update(); });

  function show() {
    field.value = "";
    dialog.showModal();
    update();
    fetchNotes(words).then((fetched) => {
      notes = fetched;
      if (!dialog.open || !field.value) return;
      const chosen = hasMoved && shown[selected];
      update();
      if (chosen) select(Math.max(shown.findIndex(({ kind, url }) => kind === chosen.kind && url === chosen.url), 0));
    }).catch(() => {}); // without a connection: the notes of the last time
  }
  return { show };
}

function isOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

// A word as it is compared: without case and accents.
function folded(text) {
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase();
}

function prepared(line) {
  return { ...line, name: folded(line.title), also: folded(line.also ?? ""), all: folded(`${line.title} ${line.also ?? ""} ${line.detail}`) };
}

// How well a line matches all words: 0 for not at all. Titles come before what is around them, such as "Module 2".
function rankOf({ name, also, all }, wanted) {
  if (!wanted.every((word) => all.includes(word))) return 0;
  if (name === wanted.join(" ")) return 6;
  if (name.startsWith(wanted[0])) return 5;
  const begin = (text) => wanted.every((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}`, "u").test(text));
  if (begin(`${name} ${also}`)) return 4;
  if (wanted.every((word) => name.includes(word))) return 3;
  return begin(all) ? 2 : 1;
}

function optionFor({ kind, title, detail, isRecent }, index, words) {
  const option = document.createElement("li");
  option.id = `palette-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const label = words[`kind${kind[0].toUpperCase()}${kind.slice(1)}`];
  option.append(part("", title), " ", part("data mute", isRecent ? `${words.recent} · ${label}` : label));
  if (detail) option.append(" ", part("small-text mute", detail));
  return option;
}

function part(classes, text) {
  const span = document.createElement("span");
  span.className = classes;
  span.textContent = text;
  return span;
}

// The actions that this page has: a button that is pressed must be there, and not be pressed already. Other words for an
// action (data-also) find it, too.
function actionsIn(dialog) {
  const offered = [...dialog.querySelector("[data-actions]").content.children].map((action) => {
    const title = action.textContent.trim();
    const { presses, also, kind = "action" } = action.dataset;
    if (!presses) return { kind, title, also, detail: "", url: action.getAttribute("href") };
    const target = document.querySelector(presses);
    const isDone = !target || target.disabled || target.getAttribute("aria-pressed") === "true";
    return isDone ? null : { kind, title, also, detail: "", press: () => target.click() };
  });
  return offered.filter(Boolean).map(prepared);
}

// The pages that page.js noted in this browser for this account. Only those that the account may still open are shown.
function recentOf({ reader }, lines) {
  const pages = new Map(lines.filter(({ kind }) => !["section", "step", "term"].includes(kind)).map((line) => [line.url, line]));
  return recentPaths(reader).filter((path) => path !== location.pathname && pages.has(path)).slice(0, 5).map((path) => ({ ...pages.get(path), isRecent: true }));
}

function recentPaths(reader) {
  try {
    return JSON.parse(localStorage.getItem(`finalcheck-recent:${reader}:`)) ?? [];
  } catch {
    return []; // a browser that blocks localStorage has kept nothing
  }
}

async function fetchNotes({ ownNotes, lesson }) {
  const fetched = [];
  let next = ownNotes && `${ownNotes}?page_size=${NOTES_AT_ONCE}`;
  while (next) {
    const { pathname } = new URL(next, location.href);
    const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(pathname + new URL(next, location.href).search, options);
    if (!answer.ok) throw new Error(`The notes were answered with ${answer.status}.`);
    const page = await answer.json();
    fetched.push(...page.results.map((note) => lineOfNote(note, lesson)));
    next = page.next;
  }
  return fetched;
}

function lineOfNote(note, lesson) {
  const [title, detail] = note.text ? [note.text, note.quote || note.section_title] : [note.quote || note.section_title, ""];
  const anchor = note.section ? `#${encodeURIComponent(note.section)}` : "";
  return prepared({ kind: "note", title, detail, url: `${lesson.replace("/-/", `/${note.lesson}/`)}${anchor}` });
}
