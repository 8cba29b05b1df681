// A learner's run as an instructor sees it: its outputs as the learner sees them, in place of their plain text.
import { Output } from "./run-output.js";

for (const place of document.querySelectorAll("[data-run-output]")) {
  const outputs = JSON.parse(document.getElementById(place.dataset.runOutput).textContent);
  const output = new Output(place);
  for (const data of outputs) output.push(data);
  output.settle();
}
