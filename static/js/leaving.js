// Asks before somebody leaves a page with something that the server does not have. Sending the form is not leaving.
export function askBeforeLeaving(form, isUnsaved) {
  let isSent = false;
  form.addEventListener("input", () => { isSent = false; });
  addEventListener("submit", (event) => { if (event.target === form) isSent = !event.defaultPrevented; });
  addEventListener("beforeunload", (event) => { if (!isSent && isUnsaved()) event.preventDefault(); });
}
