// Files of the work folder: up by button or by dropping them anywhere on the drawer, down by a link.
import { call } from "./api.js";
import { button } from "./lab-cell.js";
import { plain } from "./run-text.js";
import { element, filled, words } from "./words.js";

const MOST = 5 * 1024 * 1024;

export function prepareFiles(lab, section) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const [list, told, empty, drop, input] = ["files", "files-told", "files-none", "drop", "upload"].map(find);
  const base = `/labs/${lab.id}/files/`;

  async function show() {
    const answer = await call("GET", base);
    if (!answer?.isOk) return say(answer?.data?.detail ?? words.notLoaded);
    const files = answer.data.results ?? answer.data;
    empty.hidden = files.length > 0;
    list.replaceChildren(...files.map(({ name, size }) => line(base, name, size, remove)));
  }

  function say(sentence) {
    told.textContent = sentence;
    told.hidden = !sentence;
  }

  async function remove(name) {
    const answer = await call("DELETE", base + encodeURIComponent(name));
    say(answer?.isOk ? "" : answer?.data?.detail ?? words.notLoaded);
    show();
  }

  async function add(files) {
    say("");
    for (const file of files) {
      if (file.size > MOST) { say(filled(words.tooLarge, { name: file.name })); continue; }
      const answer = await call("PUT", base + encodeURIComponent(file.name), file, { isRaw: true });
      if (!answer?.isOk) say(answer?.data?.detail ?? words.notLoaded);
    }
    show();
  }

  input.addEventListener("change", () => { add([...input.files]); input.value = ""; });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  return show;
}

function line(base, name, size, remove) {
  const link = element("a", "", plain(String(name)));
  link.href = `/api/v1${base}${encodeURIComponent(name)}`;
  link.download = "";
  const away = button("btn s q", "cross", filled(words.delete, { name: plain(String(name)) }));
  away.lastChild.className = "vh";
  away.addEventListener("click", () => remove(name));
  return element("li", "", link, element("span", "d mute", sized(size)), away);
}

function sized(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < MOST / 5 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
