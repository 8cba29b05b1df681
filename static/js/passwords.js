// Shows what was typed into a password field while its button is pressed. It is hidden again when the form is sent, so that
// the browser offers to keep it as a password.
export function showPasswords() {
  for (const button of document.querySelectorAll("[data-shows]")) prepare(button);
}

function prepare(button) {
  const field = document.getElementById(button.dataset.shows);
  const show = (isShown) => {
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}
