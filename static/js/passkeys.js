// Shows the passkey buttons if the browser supports passkeys.
for (const button of document.querySelectorAll(".needs-js")) {
  button.hidden = !("PublicKeyCredential" in window);
}
