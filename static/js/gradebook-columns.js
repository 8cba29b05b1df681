// The columns of the gradebook: which are hidden, how wide they are, and which stay in view. The browser keeps that for
// each course.
import { filled, words } from "./words.js";

const STEP = 16;
const NARROWEST = 56;
const WIDEST = 480;
const MOST_FROZEN = 0.7; // of the width of the table's window; the rest must be left to scroll in

// Some browsers block localStorage; then the choice lasts as long as the page.
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

const asAtFirst = () => ({ hidden: [], widths: {}, frozen: "name" });

export function arrangeColumns(table, menu, whenChanged) {
  const key = `finalcheck-columns:${menu.dataset.columns}`;
  const heads = [...table.tHead.rows[0].cells];
  const boxes = [...menu.querySelectorAll("input")];
  const frozen = menu.querySelector("select");
  const summary = menu.querySelector("summary");
  let choice = { ...asAtFirst(), ...attempt(() => JSON.parse(localStorage.getItem(key))) };

  const cellsAt = (index) => [...table.rows].map((row) => row.cells[index]);

  function size(head) {
    const width = choice.widths[head.dataset.column];
    for (const cell of cellsAt(head.cellIndex)) {
      for (const bound of ["minWidth", "width", "maxWidth"]) cell.style[bound] = width ? `${width}px` : "";
    }
  }

  function freeze() {
    const last = heads.findIndex((head) => head.dataset.column === choice.frozen);
    const room = table.parentElement.clientWidth * MOST_FROZEN;
    let left = heads[0].offsetWidth;
    for (const [index, head] of heads.entries()) {
      if (index === 0) continue;
      const stays = index <= last && !head.hidden && left + head.offsetWidth <= room;
      for (const cell of cellsAt(index)) {
        cell.toggleAttribute("data-frozen", stays);
        cell.style.left = stays ? `${left}px` : "";
      }
      if (stays) left += head.offsetWidth;
    }
    table.parentElement.style.scrollPaddingInlineStart = `${left}px`;
  }

  function show() {
    for (const head of heads) {
      const isHidden = choice.hidden.includes(head.dataset.column);
      if (head.hidden !== isHidden) for (const cell of cellsAt(head.cellIndex)) cell.hidden = isHidden;
      size(head);
    }
    for (const box of boxes) box.checked = !choice.hidden.includes(box.value);
    frozen.value = choice.frozen;
    const number = boxes.filter((box) => !box.checked).length;
    menu.querySelector("[data-columns-number]").textContent = number ? filled(words.hiddenColumns, { n: number }) : "";
    freeze();
    whenChanged();
  }

  function choose(changes) {
    choice = { ...choice, ...changes };
    attempt(() => localStorage.setItem(key, JSON.stringify(choice)));
    show();
  }

  function resize(head, width) {
    const fitting = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
    choice.widths = { ...choice.widths, [head.dataset.column]: fitting };
    size(head);
  }

  function dragged(handle, head) {
    handle.addEventListener("pointerdown", (down) => {
      const start = head.offsetWidth;
      const follow = (event) => resize(head, start + event.clientX - down.clientX);
      handle.setPointerCapture(down.pointerId);
      handle.addEventListener("pointermove", follow);
      handle.addEventListener(
        "lostpointercapture",
        () => {
          handle.removeEventListener("pointermove", follow);
          choose({});
        },
        { once: true },
      );
      down.preventDefault();
    });
  }

  for (const head of heads) {
    const handle = document.createElement("span");
    handle.dataset.resize = "";
    head.append(handle);
    dragged(handle, head);
  }
  table.addEventListener("keydown", (event) => {
    const head = event.target.closest("thead th");
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!head || !step || !event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    resize(head, head.offsetWidth + step);
    choose({});
  });
  menu.addEventListener("change", () =>
    choose({ hidden: boxes.filter((box) => !box.checked).map((box) => box.value), frozen: frozen.value }),
  );
  menu.querySelector("button").addEventListener("click", () => choose(asAtFirst()));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  window.addEventListener("resize", freeze);
  menu.hidden = false;
  show();
}
