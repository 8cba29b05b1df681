// A form of settings: says while people type whether a number is within its limits and what the weights add up to, and
// asks before they leave what the draft does not have. The server checks everything again.
import { askBeforeLeaving } from "./leaving.js";
import { element, filled, icon, words } from "./words.js";

const form = document.querySelector("form[data-settings]");
const state = form?.querySelector("[data-settings-state]");
const sum = form?.querySelector("[data-weights-sum]");
const NUMBER = /^-?\d+(\.\d+)?$/;

function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
}

function hasChanges() {
  return [...form.elements].some(isChanged);
}

function tell(place, tone, glyph, sentence) {
  place.className = `${place.className.replace(/\b(mute|ok|no)\b/g, "").trim()} ${tone}`;
  place.replaceChildren(icon(glyph), element("span", "", sentence));
}

// One sentence below the field, in the place of the server's.
function judge(field) {
  const { least, most, word } = field.dataset;
  const typed = field.value.trim();
  const fits = !typed || typed === word || (NUMBER.test(typed) && Number(typed) >= Number(least) && Number(typed) <= Number(most));
  const id = `${field.id}_error`;
  document.getElementById(id)?.remove();
  field.setAttribute("aria-invalid", String(!fits));
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  if (!fits) {
    const line = element("p", "row tight", icon("cross"), element("span", "", filled(words.limits, { least, most })));
    const box = element("div", "field-help no", line);
    box.id = id;
    field.closest(".field-box").append(box);
    described.push(id);
  }
  field.setAttribute("aria-describedby", described.join(" "));
}

// The sum is made of millionths as whole numbers, so that 33.3 and 66.7 make 100. While a weight is not a number, the sum is NaN.
function weights() {
  const rows = [...form.querySelectorAll(`[name^="${form.dataset.weights}-"][name$="-weight"]`)];
  const counted = rows.filter((row) => {
    const sibling = (name) => form.elements[row.name.replace(/weight$/, name)];
    const removed = form.querySelector(`[name="remove"][value="${row.name.replace(/-weight$/, "")}"]`);
    return !sibling("extra_credit")?.checked && !removed?.checked;
  });
  const value = (typed) => NUMBER.test(typed) ? Math.round(Number(typed) * 1e6) : NaN;
  return counted.reduce((total, row) => total + value(row.value.trim()), 0) / 1e6;
}

function showSum() {
  if (!sum) return;
  const total = weights();
  if (Number.isNaN(total)) return sum.replaceChildren();
  const isRight = total === 100;
  tell(sum, isRight ? "ok" : "no", isRight ? "check" : "cross", filled(isRight ? words.sum : words.wrongSum, { total }));
}

if (form) {
  form.addEventListener("input", ({ target }) => {
    if (target.dataset.most) judge(target);
    showSum();
    if (hasChanges()) tell(state, "mute", "info", words.unsaved);
    else state.replaceChildren();
  });
  askBeforeLeaving(form, hasChanges);
  showSum();
}
