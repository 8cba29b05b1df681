// A lab's page: cells that run in a session, tests, the draft and the drawers.
import { call } from "./api.js";
import { Cell } from "./lab-cell.js";
import { Draft } from "./lab-draft.js";
import { openDrawers } from "./lab-drawers.js";
import { Runs, restore } from "./lab-runs.js";
import { Tests } from "./lab-tests.js";
import { prepareSolution } from "./lab-solution.js";
import { element, icon, words } from "./words.js";

const article = document.querySelector("[data-lab]");
const find = (name) => article.querySelector(`[data-${name}]`);
const state = JSON.parse(document.getElementById("lab-state").textContent);
const announcer = document.querySelector("[data-announcer]");
const notes = find("notes");

const lab = {
  id: state.id,
  cells: [],
  texts: () => lab.cells.map((cell) => cell.source).join("\n"),
  changed: (cell) => {
    lab.draft?.record();
    lab.tests?.outdate(cell);
    lab.runs?.show();
  },
  run: (cell, { goesOn = false } = {}) => {
    lab.runs.order("cell", [cell]);
    if (goesOn) lab.cells[lab.cells.indexOf(cell) + 1]?.editor.focus();
  },
  stop: () => lab.runs.stopAll(),
  goTo: (id, line) => lab.cells.find((cell) => cell.id === id)?.editor.goTo(line),
  announce: (text) => { announcer.textContent = text; },
  ended: (mode) => {
    if (mode === "test") lab.solution.show();
    lab.drawers?.refresh();
  },
  // Shows a message above the cells until the next message.
  tell: (sentence) => {
    const note = element("div", "note warning", icon("info"), element("p", "", sentence));
    note.setAttribute("role", "status");
    note.dataset.told = "";
    lab.untell();
    notes.append(note);
  },
  untell: () => { for (const old of notes.querySelectorAll("[data-told]")) old.remove(); },
};

for (const facts of state.cells) {
  lab.cells.push(new Cell(article.querySelector(`[data-cell="${CSS.escape(facts.id)}"]`), facts, lab));
}
lab.runs = new Runs(lab, { busy: find("busy"), runAll: find("run-all"), stopButton: find("stop") });
lab.tests = new Tests(lab, {
  list: find("tests"), counts: [find("tests-count"), find("score")], note: find("tests-note"), place: find("tests-output"),
  rows: state.tests, runs: state.testRuns, hasEverPassed: state.hasPassed,
});
lab.draft = new Draft({ lab: lab.id, url: article.dataset.draft, revision: state.revision, cells: lab.cells, status: find("status"), notes, announce: lab.announce });
lab.solution = prepareSolution(lab, {
  button: find("solution"), told: find("solution-note"), mayOpen: state.maySeeSolution,
  opens: state.solutionOpens, runs: state.solutionRuns,
});
lab.drawers = openDrawers(lab, find("drawers"));

find("run-all").addEventListener("click", () => lab.runs.order("all", lab.cells));
find("run-tests").addEventListener("click", () => lab.runs.order("test", lab.cells));
// The count in the bar leads to the tests, which are closed on a phone.
article.querySelector(".toolbar a[href='#tests']")?.addEventListener("click", () => { article.querySelector(".lab-tests details").open = true; });

const dialog = document.getElementById("reset-dialog");
for (const button of article.querySelectorAll("[data-reset]")) {
  button.addEventListener("click", () => { dialog.returnValue = ""; dialog.showModal(); });
}
dialog.addEventListener("close", () => {
  if (dialog.returnValue) lab.runs.restarting = restart(dialog.returnValue === "code");
});

async function restart(resetsCode) {
  if (resetsCode) for (const cell of lab.cells) if (cell.source !== cell.starter) cell.editor.source = cell.starter;
  await lab.runs.stopAll();
  const answer = await call("DELETE", `/labs/${lab.id}/session/`);
  if (!answer?.isOk) return lab.tell(answer?.data?.detail ?? words.notStarted);
  for (const cell of lab.cells) { cell.clear(); cell.end(""); }
  lab.runs.show();
  lab.tell(words.restarted);
}

// Moves between cells: the up and down keys select, Enter edits, Escape leaves the editor.
article.addEventListener("keydown", (event) => {
  const place = lab.cells.findIndex((cell) => cell.section === event.target);
  if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = {
    ArrowDown: () => lab.cells[place + 1]?.section.focus(),
    ArrowUp: () => lab.cells[place - 1]?.section.focus(),
    Enter: () => (event.shiftKey ? lab.run(lab.cells[place]) : lab.cells[place].editor.focus()),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});

if (state.isSessionOver) lab.tell(words.sessionOver);
restore(lab, state.ran, state.isSessionOver).then(() => lab.runs.show());
for (const run of state.goingOn) lab.runs.resume(run);
