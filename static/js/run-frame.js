// HTML that a learner's program produced, which is untrusted. Only harmless elements are kept, with only numeric attributes.
// The result is shown in a sandboxed frame without an origin, scripts, forms, links or addresses, under the page's content
// security policy. No browser parses the HTML before it is cleaned.
import { element, words } from "./words.js";

const KEPT = new Set(("table caption colgroup col thead tbody tfoot tr th td p div span b i u s em strong small sub sup code pre " +
  "kbd samp br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure figcaption").split(" "));
const LEFT_OUT = new Set(("script style template noscript iframe object embed svg math title textarea select xmp plaintext " +
  "noembed noframes").split(" ")); // with their content
const NAME = /^<\/?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])/;
const NUMBERS = /\s(?:colspan|rowspan|start)\s*=\s*["']?\d{1,3}\b/gi;
const MOST = 400_000; // characters
const ROW = 29;
const LINE = 24;
const TALLEST = 480;

export function frame(html, text) {
  const content = cleaned(html.slice(0, MOST));
  const shown = element("iframe", "html");
  shown.setAttribute("sandbox", "");
  shown.setAttribute("referrerpolicy", "no-referrer");
  shown.title = words.table;
  shown.height = height(content);
  shown.srcdoc = page(content);
  const reading = element("details", "small-text", element("summary", "mute", words.asText), element("pre", "", text));
  return element("div", "framed", shown, ...(text ? [reading] : []));
}

// Keeps text with all angle brackets escaped, and only the tags on the list.
export function cleaned(html) {
  let made = "";
  let at = 0;
  for (let open = html.indexOf("<"); open >= 0; open = html.indexOf("<", at)) {
    made += harmless(html.slice(at, open));
    const name = NAME.exec(html.slice(open, open + 40))?.[1].toLowerCase();
    at = end(html, open, name);
    if (KEPT.has(name)) made += tag(html.slice(open, at), name);
  }
  return made + harmless(html.slice(at));
}

// Returns where the construct at `open` ends: a comment, a dropped element or a tag. A lone bracket is dropped.
function end(html, open, name) {
  if (html.startsWith("<!--", open)) return after(html, "-->", open + 4);
  if (LEFT_OUT.has(name) && html[open + 1] !== "/") return after(html, ">", html.toLowerCase().indexOf(`</${name}`, open));
  if (!name && !/[!?/]/.test(html[open + 1] ?? "")) return open + 1;
  let quote = "";
  for (let at = open + 1; at < html.length; at += 1) {
    const letter = html[at];
    if (quote) quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") return at + 1;
  }
  return html.length;
}

function after(html, mark, from) {
  const found = from < 0 ? -1 : html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

function tag(written, name) {
  if (written[1] === "/") return `</${name}>`;
  return `<${name}${(written.match(NUMBERS) ?? []).map((each) => each.replace(/["'\s]/g, "")).map((each) => ` ${each}`).join("")}>`;
}

function harmless(text) {
  return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function page(content) {
  const { theme } = document.documentElement.dataset;
  const links = [words.frameColors, words.frameStyle].map((file) => `<link rel="stylesheet" href="${new URL(file, location.href).href}">`);
  const attribute = theme === "dark" || theme === "light" ? ` data-theme="${theme}"` : "";
  const head = `<meta charset="utf-8">${links.join("")}`;
  return `<!doctype html><html lang="en"${attribute}><head>${head}</head><body>${content}</body></html>`;
}

// The frame's content cannot be measured, so its height is estimated: table rows have a fixed height.
function height(content) {
  const rows = content.match(/<tr>/g)?.length ?? 0;
  const loose = content.replace(/<table[\s\S]*?<\/table>/g, "");
  const lines = (loose.match(/<(?:p|li|br|h\d|pre|dt|dd)>/g)?.length ?? 0) + Math.ceil(loose.replace(/<[^>]*>/g, "").trim().length / 90);
  return Math.min(TALLEST, rows * ROW + lines * LINE + 24);
}
