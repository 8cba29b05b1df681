// The bar of the workplace scrolls sideways on a phone: show the tab of the page that is open.
const current = document.querySelector(".desk [aria-current]");

function show() {
  const bar = current.parentElement;
  bar.scrollLeft = current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
}

if (current) {
  show();
  document.fonts.ready.then(show); // the final font may change the width of the tabs
}
