// Enter on a cell of the gradebook opens the form of its override in place: the form of the cell's own page, with the
// same preview. A click still leads to that page.
import { words } from "./words.js";

async function pageOf(reply) {
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

export function editInPlace(table, dialog, whenSaved) {
  const content = dialog.querySelector("[data-editor-form]");
  const status = document.querySelector("[data-editor-status]");
  let link = null;

  // Show the form of a page. Without one, for example after signing out elsewhere, the cell's page has to say why.
  function show(page) {
    const form = page.querySelector("form#override");
    if (!form) {
      location.assign(link.href);
      return;
    }
    content.replaceChildren(form);
    const preview = form.querySelector("[role='status']");
    if (preview) preview.tabIndex = -1;
    (preview ?? form.querySelector("[aria-invalid='true']") ?? form.querySelector("input:not([type='hidden'])")).focus();
    // Enter presses the first button, so what was typed after a preview must not find the one that saves.
    form.addEventListener("input", () => {
      preview?.remove();
      form.querySelector("[name='confirmed']")?.remove();
    });
  }

  async function open(cellLink) {
    link = cellLink;
    const cell = link.closest("td");
    const learner = cell.parentElement.cells[0].querySelector("a").textContent.trim();
    const item = table.tHead.rows[0].cells[cell.cellIndex].querySelector("a").firstChild.textContent.trim();
    dialog.querySelector("h2").textContent = `${learner}: ${item}`;
    dialog.querySelector("[data-editor-evidence]").href = link.href;
    const page = await pageOf(await fetch(link.href));
    if (!dialog.open) dialog.showModal();
    show(page);
  }

  // Put the learner's grades in place as the server has them now.
  async function refresh() {
    const row = link.closest("tr");
    const page = await pageOf(await fetch(location.href));
    const address = row.cells[0].querySelector("a").getAttribute("href");
    const fresh = page.querySelector(`[data-grid] th a[href="${CSS.escape(address)}"]`)?.closest("tr");
    if (fresh?.cells.length !== row.cells.length) {
      location.reload();
      return;
    }
    const at = link.closest("td").cellIndex;
    for (const [index, cell] of [...row.cells].entries()) cell.replaceChildren(...fresh.cells[index].childNodes);
    whenSaved();
    status.textContent = words.overrideSaved;
    row.cells[at].querySelector("a")?.focus();
  }

  async function send(event) {
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    const buttons = [...content.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    const reply = await fetch(link.href, { method: "POST", body });
    if (!reply.redirected) {
      show(await pageOf(reply));
      return;
    }
    dialog.close();
    await refresh();
  }

  // Without a connection, the browser's own form says so.
  const orElse = (act) => act.catch(() => location.assign(link.href));

  table.addEventListener("keydown", (event) => {
    const cellLink = event.target.closest("td a");
    if (event.key !== "Enter" || !cellLink) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    status.textContent = "";
    orElse(open(cellLink));
  });
  content.addEventListener("submit", (event) => orElse(send(event)));
  content.addEventListener("click", (event) => {
    if (!event.target.closest("a[href]")) return; // "Cancel", which leads to the cell's page
    event.preventDefault();
    dialog.close();
  });
  dialog.querySelector("[data-editor-close]").addEventListener("click", () => dialog.close());
}
