// The model solution compared with the learner's cells, once it is available. A cell changes only if the learner chooses to use it.
import { call } from "./api.js";
import { compare, diffTable } from "./lab-diff.js";
import { pair } from "./lab-draft.js";
import { element, filled, words } from "./words.js";

// `opens` says when the solution opens, and `runs` after how many finished test runs, as in labs/rules/solutions.py.
export function prepareSolution(lab, { button, told, mayOpen, opens = "after_runs", runs = 3 }) {
  const dialog = document.getElementById("solution-dialog");
  const place = dialog.querySelector("[data-solution-cells]");
  let isOpen = mayOpen;

  function show() {
    isOpen ||= opens === "after_runs" && lab.tests.runs >= runs;
    isOpen ||= ["after_runs", "after_passing"].includes(opens) && lab.tests.hasPassed;
    button.disabled = !isOpen;
    told.textContent = isOpen ? "" : filled(words.solutionWaits, { n: lab.tests.runs });
  }

  async function open() {
    const answer = await call("GET", `/labs/${lab.id}/`);
    const solution = answer?.data?.solution;
    if (!solution) return lab.tell(answer?.isOk ? filled(words.solutionWaits, { n: answer.data.results.finished }) : words.notLoaded);
    const code = solution.filter(({ type }) => type === "code");
    const isPaired = code.length === lab.cells.length; // only code cells are paired; the solution may have other text cells
    place.replaceChildren(...code.map(({ source }, index) => row(isPaired ? lab.cells[index] : null, source, answer.data.may_use_solution)));
    dialog.showModal();
  }

  button.addEventListener("click", open);
  show();
  return { show };
}

function row(cell, model, mayUse) {
  if (!cell) return element("section", "model", pair("", model, [words.yours, words.model]));
  const title = element("h3", "data", cell.name);
  if (cell.source.trim() === model.trim()) {
    const whole = element("pre", "", model);
    whole.tabIndex = 0;
    return element("section", "model", title, element("p", "small-text mute", words.sameAsModel), whole);
  }
  const shown = [title, diffTable(compare(cell.source, model))];
  if (!mayUse) return element("section", "model", ...shown);
  const take = element("button", "btn compact", filled(words.take, { n: cell.number }));
  take.type = "button";
  take.addEventListener("click", () => {
    cell.editor.source = model;
    take.replaceWith(element("p", "small-text ok", words.taken));
  });
  return element("section", "model", ...shown, take);
}
