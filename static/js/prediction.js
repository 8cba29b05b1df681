// Predictions: readers say what a listing will print, and see whether that is right. Nothing is stored or graded.
import { element, icon } from "./words.js";

const NUMBERS = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g;
const SLACK = 1e-9; // for tolerances that binary fractions cannot represent

export function addPredictions(root) {
  for (const place of root.querySelectorAll("[data-prediction]")) addForm(place, root.dataset);
}

function addForm(place, { check, predicted, right, wrong }) {
  const name = `${place.parentElement.id}-prediction`;
  const [prompt, offered] = [place.querySelector("p"), place.querySelector("ul")];
  const answer = place.querySelector("details");
  prompt.id = name;
  const field = offered ? choices(offered, name) : typed(name, predicted);
  const send = element("button", "btn compact no-print", icon("check"), element("span", "", check));
  const said = element("p", "state no-print");
  said.setAttribute("role", "status");
  const form = element("form", "", field, send, said);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = new FormData(form).get(name);
    const isGood = isRight(value, answer.querySelector("code").textContent, Number(place.dataset.tolerance ?? 0));
    said.className = `state no-print ${isGood ? "ok" : "no"}`;
    said.replaceChildren(icon(isGood ? "check" : "cross"), element("span", "", isGood ? right : wrong));
    place.removeAttribute("data-open");
  });
  place.dataset.open = ""; // the style sheet hides the answer until a first prediction
  offered?.remove();
  prompt.after(form);
}

function typed(name, label) {
  const input = element("input", "field");
  Object.assign(input, { name, required: true, autocomplete: "off", spellcheck: false, maxLength: 100 });
  input.setAttribute("aria-label", label);
  input.setAttribute("aria-describedby", name);
  return input;
}

function choices(offered, name) {
  const labels = [...offered.querySelectorAll("code")].map((code) => {
    const input = element("input");
    Object.assign(input, { type: "radio", name, value: code.textContent, required: true });
    return element("label", "", input, code.cloneNode(true));
  });
  const group = element("div", "choices", ...labels);
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", name);
  return group;
}

// Spaces, brackets, commas between numbers and a comma in place of a decimal point do not matter.
export function isRight(value, answer, tolerance = 0) {
  const wanted = plain(answer);
  return [plain(value), plain(value).replace(",", ".")].some((each) => each === wanted || areNear(each, wanted, tolerance));
}

function plain(text) {
  return text.trim().toLowerCase().replaceAll("−", "-").replace(/^(["'])(.*)\1$/, "$2").replace(/\s+/g, " ").replace(/ ?([,()[\]]) ?/g, "$1");
}

function areNear(value, answer, tolerance) {
  const [some, others] = [value, answer].map(numbersOf);
  if (!some.length || some.length !== others.length) return false;
  return some.every((number, index) => Math.abs(number - others[index]) <= tolerance + SLACK);
}

// The numbers of a text that contains nothing else.
function numbersOf(text) {
  return /^[\s,()[\]]*$/.test(text.replace(NUMBERS, " ")) ? (text.match(NUMBERS) ?? []).map(Number) : [];
}
