// Translated strings for scripts. The page holds them in <div data-words-of-scripts data-saved="…"> elements.
const places = [...document.querySelectorAll("[data-words-of-scripts]")];
export const words = Object.assign({}, ...places.map((place) => place.dataset));

// "{n} of {all}" with its placeholders replaced.
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The number that the page shows for a cell of a lab, by its id; undefined if the page has no such cell.
export function cellNumber(id) {
  return document.querySelector(`[data-cell="${CSS.escape(id)}"]`)?.dataset.number;
}

export function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#${name}` }));
}

export function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}
