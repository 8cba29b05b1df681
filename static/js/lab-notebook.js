// An uploaded notebook: the server returns its code, and the learner sees the changes before applying them.
import { call } from "./api.js";
import { pair } from "./lab-draft.js";
import { element, filled, words } from "./words.js";

export function prepareNotebook(lab, section) {
  const input = section.querySelector("[data-notebook]");
  const told = section.querySelector("[data-notebook-told]");

  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const answer = await call("PUT", `/labs/${lab.id}/notebook/`, file, { isRaw: true });
    if (!answer?.isOk) return told.replaceChildren(element("span", "no", answer?.data?.detail ?? words.notLoaded));
    offer(answer.data.cells);
  });

  function offer(cells) {
    const changes = cells.map(({ id, source }) => ({ cell: lab.cells.find((each) => each.id === id), source }));
    const real = changes.filter(({ cell, source }) => cell && cell.source !== source);
    if (!real.length) return told.replaceChildren(words.notebookSame);
    const take = element("button", "btn compact", words.notebookTake);
    take.type = "button";
    take.addEventListener("click", () => {
      for (const { cell, source } of real) cell.editor.source = source;
      told.replaceChildren(words.notebookDone);
    });
    const shown = real.map(({ cell, source }) => element("details", "both", element("summary", "small-text", cell.name), pair(cell.source, source, [words.here, "Notebook"])));
    told.replaceChildren(filled(words.notebookChanges, { n: real.length }), ...shown, take);
  }
}
