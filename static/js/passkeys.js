// Shows what works only with a script, where the browser can do it.
for (const button of document.querySelectorAll(".needs-js")) {
  button.hidden = !("PublicKeyCredential" in window);
}
