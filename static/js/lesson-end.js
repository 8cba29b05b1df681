// The end of a lesson: marks it as read and says so. It loads once the end is visible, or the button is pressed.
import { post } from "./csrf.js";

// Scrolling to the end and the button may both send a request; the second one finds the lesson already read.
export async function markRead(end) {
  const form = end.querySelector("form");
  if (!form) return;
  const answer = await post(form.action).catch(() => null);
  if (answer?.ok && form.isConnected) showRead(end, form);
}

function showRead(end, form) {
  const hadFocus = form.contains(document.activeElement);
  const templates = end.querySelectorAll("template");
  const [said, ticked] = [...templates].map((template) => template.content.cloneNode(true));
  said.firstElementChild.classList.add("moment");
  end.replaceChildren(said);
  document.querySelector(".contents a[aria-current=page] > span:last-child")?.append("\u00a0", ticked);
  if (hadFocus) {
    end.tabIndex = -1;
    end.focus({ preventScroll: true });
  }
  if (!end.querySelector("svg[aria-label]")) sayFullRow(end);
}

// The lesson may fill the last square of its module. The contents do not tell whether the review questions are done.
async function sayFullRow(end) {
  const others = [...document.querySelectorAll(".contents ol:not(.page-headings) a:not([aria-current], [href^='/assessments/'])")];
  if (!others.every((link) => link.querySelector("[title]"))) return;
  const { fullRow } = await import("./full-row.js");
  const full = await fullRow();
  if (full) end.append(full.shown);
}
