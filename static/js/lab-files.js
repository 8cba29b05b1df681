// Files: learners upload their own with the button or by dropping them on the drawer, and download files of the latest run.
import { call } from "./api.js";
import { button } from "./lab-cell.js";
import { plain } from "./run-text.js";
import { element, filled, words } from "./words.js";

const MOST = 5 * 1024 * 1024;

export function prepareFiles(lab, section) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const [list, told, empty, drop, input] = ["files", "files-told", "files-none", "drop", "upload"].map(find);
  const base = `/labs/${lab.id}/files/`;
  const left = find("left");

  // Files that the latest run wrote, besides the learner's own files.
  async function showLeft(mine) {
    const runs = await call("GET", `/labs/${lab.id}/runs/`);
    const newest = runs?.data?.results?.find(({ state, mode }) => state === "finished" && mode !== "test");
    const answer = newest && (await call("GET", `/runs/${newest.id}/files/`));
    const files = (answer?.isOk ? answer.data : []).filter(({ name }) => !mine.has(name));
    left.replaceChildren(...files.map((file) => line(file, leftAddress(newest.id, file))));
    left.previousElementSibling.hidden = !files.length;
  }

  const mayChange = input !== null; // not while an instructor views the lab

  async function show() {
    const answer = await call("GET", base);
    if (!answer?.isOk) return say(answer?.data?.detail ?? words.notLoaded);
    const files = answer.data.results ?? answer.data;
    empty.hidden = files.length > 0;
    list.replaceChildren(...files.map((file) => line(file, base + encodeURIComponent(file.name), mayChange && remove)));
    await showLeft(new Set(files.map(({ name }) => name)));
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

  if (!mayChange) return show;
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

// A file that was too large to keep has no address.
function leftAddress(run, { name, is_kept: isKept }) {
  return isKept === false ? "" : `/runs/${run}/files/${name.split("/").map(encodeURIComponent).join("/")}`;
}

function line({ name, size }, address, remove) {
  const link = element(address ? "a" : "span", "", plain(String(name)));
  if (address) Object.assign(link, { href: `/api/v1${address}`, download: "" });
  const parts = [link, element("span", "data mute", sized(size))];
  if (remove) {
    const away = button("btn compact plain", "cross", filled(words.delete, { name: link.textContent }));
    away.lastChild.className = "visually-hidden";
    away.addEventListener("click", () => remove(name));
    parts.push(away);
  }
  return element("li", "", ...parts);
}

function sized(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < MOST / 5 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
