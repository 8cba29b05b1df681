// A learner's lab as an instructor sees it: code, outputs, tests and drawers, read only.
import { LOOKS } from "./lab-cell.js";
import { openDrawers } from "./lab-drawers.js";
import { restore } from "./lab-runs.js";
import { Tests } from "./lab-tests.js";
import { Output } from "./run-output.js";
import { element, filled, icon, words } from "./words.js";

const article = document.querySelector("[data-lab]");
const find = (name) => article.querySelector(`[data-${name}]`);
const state = JSON.parse(document.getElementById("lab-state").textContent);

// A read-only cell: its output and how its latest run ended.
class ViewedCell {
  constructor(section, { id, source }) {
    Object.assign(this, { id, source, isGoing: false });
    const code = section.querySelector(".code");
    this.told = element("span", "state push");
    code.querySelector("header").append(this.told);
    const place = element("div", "output");
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", `${words.outputOf} ${section.dataset.number}`);
    this.said = element("div", "said");
    code.append(place, this.said);
    this.output = new Output(place);
  }

  end(ended) {
    const isChanged = ["ran", "before"].includes(ended) && this.ranSource !== this.source;
    const [glyph, tone, say] = LOOKS[isChanged ? "changed" : ended];
    this.tell(glyph, tone, say(this));
  }

  goOn() {
    this.isGoing = true;
    this.tell("dot", "now", words.goingOn);
  }

  tell(glyph, tone, text) {
    this.told.className = `state push ${tone}`;
    this.told.replaceChildren(icon(glyph), element("span", "", text));
  }

  say(sentence) {
    this.said.replaceChildren(...(sentence ? [element("div", "note warning hint", icon("warn"), element("p", "", sentence))] : []));
  }
}

const cellOf = (facts) => new ViewedCell(article.querySelector(`[data-cell="${CSS.escape(facts.id)}"]`), facts);
const lab = { id: state.id, cells: state.cells.map(cellOf) };
new Tests(lab, {
  list: find("tests"), counts: [find("tests-count"), find("score")], note: find("tests-note"), place: find("tests-output"),
  rows: state.tests, runs: state.testRuns,
});
openDrawers(lab, find("drawers"));
find("solution-note").textContent = state.maySeeSolution ? "" : filled(words.solutionWaits, { n: state.testRuns });
if (state.isSessionOver) {
  find("notes").append(element("div", "note warning", icon("info"), element("p", "", words.sessionOver)));
}
for (const run of state.goingOn) {
  for (const { id } of run.cells) lab.cells.find((cell) => cell.id === id)?.goOn();
}
restore(lab, state.ran, state.isSessionOver);
