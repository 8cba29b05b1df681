// Changes the theme at once; submitting the form stores the choice.
const form = document.querySelector("[data-theme-switch]");

form?.addEventListener("submit", (event) => {
  const chosen = event.submitter;
  if (!chosen) return;
  event.preventDefault();
  const body = new FormData(form, chosen);
  if (chosen.value) document.documentElement.dataset.theme = chosen.value;
  else delete document.documentElement.dataset.theme;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
  // Without a connection the choice is not stored: it lasts until the next page.
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});
