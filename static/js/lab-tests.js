// The panel of a lab's tests: what runs, the result of each test, and what kept them from being checked.
import { LOOKS, faultIn } from "./lab-cell.js";
import { meaning } from "./run.js";
import { Output } from "./run-output.js";
import { cellNumber, element, filled, icon, words } from "./words.js";

// The tests panel. Tests run all cells in a separate process and report the result of each test.
export class Tests {
  constructor(lab, { list, counts, note, place, rows, runs, hasEverPassed }) {
    Object.assign(this, { lab, list, note, runs, hasEverPassed, counts: counts.filter(Boolean) }); // some labs have no counts
    this.output = new Output(place, { goTo: lab.goTo });
    if (rows) this.show(rows);
  }

  wait() {
    this.mark("ring", "mute", words.queued);
  }

  place(n) {
    this.mark("ring", "mute", n === 1 ? words.next : filled(words.place, { n: n - 1 }));
  }

  cancel() {
    this.mark("ring", "todo", words.ended);
  }

  started() {
    this.output.clear();
    this.note.textContent = "";
    this.lab.announce(words.testing);
    this.fault = "";
    this.judged = 0;
    this.amounts = new Set();
    this.mark("dot", "now", words.checking);
  }

  session() {}

  cell(id, state) {
    if (state === "started") this.note.textContent = `${words.running}: ${words.cell} ${cellNumber(id)}`;
  }

  frame(cell, data) {
    const fault = faultIn(data);
    if (fault) Object.assign(this, { fault, faulty: cell });
    if (fault || "application/vnd.finalcheck.progress+json" in data) this.output.push(data);
  }

  // Shows one test result as soon as it arrives; results arrive in order.
  tested(one) {
    this.list.children[this.judged]?.replaceWith(row(one, this.amounts));
    this.judged += 1;
    this.note.textContent = filled(words.testsJudged, { n: this.judged, all: this.list.children.length });
  }

  lost() {}

  finished(verdict, message, rows) {
    this.output.dropCharts();
    if (rows) {
      this.runs += 1;
      this.show(rows);
      if (this.hasPassed && !this.hasEverPassed) this.celebrate();
    } else {
      this.cancel();
      this.note.textContent = meaning(verdict) || (this.fault ? words.testsNotReached : message || words.failed);
    }
    this.outcome = rows ? this.ofRows(rows) : this.ofEnd(verdict);
    this.lab.runs.latest = this;
    this.lab.announce(this.note.textContent);
    this.lab.ended("test");
  }

  // The first test that did not pass, for the bar; or that all passed.
  ofRows(rows) {
    const index = rows.findIndex(({ verdict }) => verdict !== "passed");
    if (index < 0) return { glyph: "check", tone: "ok", text: this.note.textContent, find: () => this.note };
    const [glyph, tone, word] = sign(rows[index]);
    return { glyph, tone, text: `${word}: ${rows[index].name}`, find: () => this.list.children[index] };
  }

  // What kept the tests from being checked.
  ofEnd(verdict) {
    const [glyph, tone] = LOOKS[verdict] ?? LOOKS.error;
    const n = cellNumber(this.faulty ?? "");
    const fault = n ? filled(words.testsStopped, { n, error: this.fault }) : this.fault;
    const find = () => this.output.place.querySelector(".error") ?? this.note;
    return { glyph, tone, text: fault || this.note.textContent, find };
  }

  // The code of a cell changed, so what it raised in the tests is out of date.
  outdate({ id }) {
    if (!this.fault || this.faulty !== id) return;
    this.output.clear();
    this.note.textContent = "";
    Object.assign(this, { fault: "", outcome: null });
  }

  mark(glyph, tone, text) {
    for (const row of this.list.children) {
      row.replaceChildren(element("span", tone, icon(glyph)), row.children[1], element("span", `state ${tone}`, text));
    }
  }

  show(rows) {
    const passed = rows.filter(({ verdict }) => verdict === "passed").length;
    this.hasPassed = rows.length > 0 && passed === rows.length;
    for (const count of this.counts) count.textContent = filled(words.testsScore, { n: passed, all: rows.length });
    const amounts = new Set();
    this.list.replaceChildren(...rows.map((one) => row(one, amounts)));
    const score = filled(words.testsOf, { n: passed, all: rows.length });
    this.note.textContent = this.hasPassed ? words.allPassed : score;
    this.leadOn();
  }

  // The first time that all tests pass: the sentence moves, with the last plot that the learner's cells have drawn.
  celebrate() {
    this.hasEverPassed = true;
    this.note.classList.add("moment");
    this.sayFullRow();
    const plot = [...document.querySelectorAll("[data-cells] .picture img")].at(-1)?.cloneNode();
    if (!plot) return;
    const shown = element("figure", "picture moment", plot, element("figcaption", "small-text mute", words.yourPlot));
    this.note.after(shown);
  }

  // The lab may fill the last square of its module.
  async sayFullRow() {
    const { fullRow } = await import("./full-row.js");
    const full = await fullRow();
    if (!full) return;
    this.note.after(full.shown);
    this.lab.announce(`${this.note.textContent} ${full.sentence}`);
  }

  // Once all tests pass, the page leads on to what comes next in the course.
  leadOn() {
    const next = document.querySelector("[data-lab] a[data-next]");
    this.note.parentElement.querySelector("[data-lead-on]")?.remove();
    if (!this.hasPassed || !next) return;
    const way = element("a", "btn primary compact", `${words.nextPart} ${next.dataset.next}`, icon("right"));
    way.href = next.getAttribute("href");
    const row = element("p", "spaced", way);
    row.dataset.leadOn = "";
    this.note.after(row);
  }
}

function sign({ verdict }) {
  return {
    passed: ["check", "ok", words.passed], failed: ["cross", "no", words.notYet],
  }[verdict] ?? ["warn", "no", words.testError];
}

// “±0.001” and “±5 %” say by how much a value may differ, once for all tests that did not pass; “at least 0.99” is what a
// score must reach. `amounts` are those that were said.
function required({ tolerance, verdict }, amounts) {
  const [, amount] = /^±(.+)$/.exec(tolerance ?? "") ?? [];
  if (!amount) return tolerance && `${words.required} ${tolerance}`;
  if (verdict === "passed" || amounts.has(amount)) return "";
  amounts.add(amount);
  return filled(words.mayDiffer, { amount });
}

function row(one, amounts) {
  const { name, verdict, message } = one;
  const demand = required(one, amounts);
  const [glyph, tone, text] = sign({ verdict });
  const said = element("span", "", element("span", "", String(name)));
  if (message) said.append(element("span", "small-text mute below", String(message)));
  if (demand) said.append(element("span", "small-text mute below", demand));
  return element("li", "", element("span", tone, icon(glyph)), said, element("span", `state ${tone}`, text));
}
