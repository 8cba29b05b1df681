// The history of a lab: every run with its code, what changed and what it printed, and the versions that were replaced.
// Restoring saves the chosen code as a new version and keeps the one that it replaces, so nothing is lost.
import { call } from "./api.js";
import { compare, diffTable } from "./lab-diff.js";
import * as outbox from "./outbox.js";
import { replay } from "./run.js";
import { Output } from "./run-output.js";
import { cellNumber, element, words } from "./words.js";

// Runs, newest first, one page at a time. Returns a function that loads the list again.
export function prepareHistory(lab, find) {
  const [list, empty, more] = [find("history"), find("history-none"), find("history-more")];
  let cursor = null;
  let newest = 0; // of the loads; an earlier one that answers later shows nothing

  // Shows a page of runs below what the list `holds`.
  async function load(path, holds) {
    newest += 1;
    const number = newest;
    const [before, answer] = [await holds(), await call("GET", path)];
    if (number !== newest) return;
    if (!answer?.isOk) return list.replaceChildren(element("li", "small-text no", answer?.data?.detail ?? words.notLoaded));
    list.replaceChildren(...before, ...answer.data.results.map((run) => runLine(lab, run)));
    cursor = answer.data.next && new URL(answer.data.next, location.href);
    more.hidden = !cursor;
    empty.hidden = list.childElementCount > 0;
  }

  async function versions() {
    const kept = await call("GET", `/labs/${lab.id}/versions/`);
    return kept?.isOk ? kept.data.map((version) => versionLine(lab, version)) : [];
  }

  more.addEventListener("click", () => load(`${cursor.pathname.replace("/api/v1", "")}${cursor.search}`, () => [...list.children]));
  return () => load(`/labs/${lab.id}/runs/`, versions);
}

function runLine(lab, run) {
  const alone = run.cell && cellNumber(run.cell) ? `${words.cell} ${cellNumber(run.cell)}` : words.modeCell;
  const mode = { cell: alone, all: words.modeAll, test: words.modeTest }[run.mode] ?? words.run;
  const passed = run.tests?.filter(({ verdict }) => verdict === "passed").length;
  const result = run.tests ? `${passed} / ${run.tests.length}` : verdictWord(run);
  return line(mode, run.created_at, result, (title) => viewRun(lab, run, title));
}

function versionLine(lab, version) {
  return line(words.version, version.saved_at, words.replaced, (title) => viewVersion(lab, version, title));
}

function line(name, instant, result, view) {
  const time = element("time", "", new Date(instant).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" }));
  time.dateTime = instant;
  const button = element("button", "text-button", name);
  button.type = "button";
  button.addEventListener("click", () => view(`${name}, ${time.textContent}`));
  return element("li", "", button, time, element("span", "data", result));
}

function verdictWord({ verdict, state }) {
  if (state !== "finished") return words.goingOn;
  const key = verdict.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return words[`${key}Word`] ?? verdict;
}

async function viewRun(lab, run, title) {
  const answer = await call("GET", `/runs/${run.id}/code/`);
  const cells = answer?.data?.cells ?? [];
  const parts = new Map(cells.map((cell, index) => [cell.id, new ShownCell(cell, cellNumber(cell.id) ?? index + 1)]));
  const rest = new ShownCell(null);
  const nothing = answer?.isOk ? words.codeGone : words.notLoaded;
  const shown = cells.length ? [...parts.values()].map((part) => part.node) : [element("p", "small-text mute", nothing)];
  fill(title, [...shown, rest.node], restorer(lab, cells));
  const isFinished = await replay(run.id, {
    started() {},
    frame: (id, data) => (parts.get(id) ?? rest).output.push(data),
    finished: (_, message, tests) => {
      for (const { name, verdict, message: said } of tests ?? []) {
        rest.output.push({ "text/plain": `${verdict}: ${name}${said ? `\n    ${said}` : ""}` });
      }
      if (message) rest.output.push({ "text/plain": message });
      for (const { output } of parts.values()) output.settle();
    },
  });
  if (!isFinished) rest.node.append(element("p", "small-text mute", words.none));
}

function viewVersion(lab, { cells }, title) {
  const current = new Map(lab.cells.map(({ id, source }) => [id, source]));
  const other = cells.filter(({ id, source }) => current.has(id) && current.get(id) !== source);
  const shown = other.map(({ id, source }) => element("section", "model", element("h3", "data", `${words.cell} ${cellNumber(id)}`),
    element("p", "small-text mute", words.changesFromNow), diffTable(compare(current.get(id), source))));
  const gone = cells.flatMap((cell, index) => (current.has(cell.id) ? [] : [goneCell(cell, index + 1)]));
  const all = [...shown, ...gone];
  fill(title, all.length ? all : [element("p", "small-text mute", words.sameAsNow)], restorer(lab, other));
}

// A cell of a version that the lab no longer has, because its author added or removed cells. `number` is what it had.
function goneCell({ source }, number) {
  const whole = element("pre", "", source);
  whole.tabIndex = 0;
  return element("section", "model", element("h3", "data", `${words.cell} ${number}`), element("p", "small-text mute", words.cellGone), whole);
}

// A cell of a run: what changed, the whole code, and its output. Without a cell it shows only output.
class ShownCell {
  constructor(cell, number) {
    const place = element("div", "output");
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", cell ? `${words.outputOf} ${number}` : words.output);
    this.output = new Output(place);
    this.node = element("section", cell ? "model" : "", ...(cell ? code(cell, number) : []), place);
  }
}

function code({ source, before, run_before: runBefore }, number) {
  const lines = compare(before, source);
  const told = lines.length
    ? (runBefore ? words.changesSince : words.changesToStart)
    : (runBefore ? words.sameCode : words.startCode);
  const whole = element("pre", "", source);
  whole.tabIndex = 0;
  const all = element("details", "both", element("summary", "small-text", words.wholeCode), whole);
  all.open = !lines.length;
  return [
    element("h3", "data", `${words.cell} ${number}`), element("p", "small-text mute", told), ...(lines.length ? [diffTable(lines)] : []), all,
  ];
}

function fill(title, parts, controls) {
  const dialog = document.getElementById("viewed-dialog");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("[data-viewed]").replaceChildren(...controls, ...parts);
  if (!dialog.open) dialog.showModal();
}

// The button that restores these cells, unless an instructor is viewing or the lab has these sources already.
function restorer(lab, cells) {
  const wanted = new Map(cells.map(({ id, source }) => [id, source]));
  const isOther = lab.cells.some(({ id, source }) => wanted.has(id) && wanted.get(id) !== source);
  if (!lab.draft || !isOther) return [];
  const button = element("button", "btn compact", words.restore);
  button.type = "button";
  const told = element("span", "small-text mute", words.restoreKeeps);
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const problem = await restore(lab, wanted);
    button.disabled = Boolean(!problem);
    told.className = `small-text ${problem ? "no" : "ok"}`;
    told.textContent = problem || words.restored;
  });
  return [element("p", "row tight", button, told)];
}

// Saves the code as a new version. Returns a sentence if that failed; then nothing was changed.
async function restore(lab, wanted) {
  const { draft } = lab;
  await outbox.flush();
  if (outbox.read(draft.url)) return words.restoreWaits;
  const cells = lab.cells.map(({ id, source }) => ({ id, source: wanted.get(id) ?? source }));
  const body = { cells, revision: draft.revision, keeps_replaced: true };
  const answer = await call("PUT", `/labs/${lab.id}/draft/`, body);
  if (!answer) return words.notLoaded;
  if (answer.data?.code === "stale_draft") {
    draft.refused({ url: draft.url, data: answer.data });
    document.getElementById("viewed-dialog").close();
    return words.notSaved;
  }
  if (!answer.isOk) return answer.data?.detail ?? words.notLoaded;
  draft.take(cells, answer.data);
  lab.drawers.refresh();
  return "";
}
