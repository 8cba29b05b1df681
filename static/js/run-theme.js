// Pictures that exist in both themes of the page: each shows the one of the theme that applies, also after it changes.
const shown = new Map(); // a picture and its addresses; those that have left the page are dropped at the next change
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : system.matches;
}

export function showThemed(image, light, dark) {
  shown.set(image, { light, dark });
  image.src = isDark() ? dark : light;
}

function change() {
  for (const [image, { light, dark }] of shown) {
    if (image.isConnected) image.src = isDark() ? dark : light;
    else shown.delete(image);
  }
}

system.addEventListener("change", change);
new MutationObserver(change).observe(document.documentElement, { attributeFilter: ["data-theme"] });
