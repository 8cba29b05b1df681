// Points by hand: Enter goes down to the same field of the next learner, and Shift and Enter go up.
const table = document.querySelector("[data-column-points]");

table?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  const cell = event.target.closest("td");
  const rows = [...table.tBodies[0].rows];
  const next = rows[rows.indexOf(cell?.parentElement) + (event.shiftKey ? -1 : 1)];
  const field = next?.cells[cell.cellIndex].querySelector("input");
  field?.focus();
  field?.select();
});
