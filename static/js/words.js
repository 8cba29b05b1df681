// Translated strings for scripts. The page holds them in <div data-words-of-scripts data-saved="…"> elements.
const places = [...document.querySelectorAll("[data-words-of-scripts]")];
export const words = Object.assign({}, ...places.map((place) => place.dataset));

// "{n} of {all}" with its placeholders replaced.
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

export function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}
