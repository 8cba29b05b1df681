// Files: one's own go up by button or by dropping them anywhere on the drawer; those that the newest run left come down.
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

  // What the newest run left beside one's own files.
  async function showLeft(mine) {
    const runs = await call("GET", `/labs/${lab.id}/runs/`);
    const newest = runs?.data?.results?.find(({ state, mode }) => state === "finished" && mode !== "test");
    const answer = newest && (await call("GET", `/runs/${newest.id}/files/`));
    const files = (answer?.isOk ? answer.data : []).filter(({ name }) => !mine.has(name));
    left.replaceChildren(...files.map((file) => line(file, leftAddress(newest.id, file))));
    left.previousElementSibling.hidden = !files.length;
  }

  async function show() {
    const answer = await call("GET", base);
    if (!answer?.isOk) return say(answer?.data?.detail ?? words.notLoaded);
    const files = answer.data.results ?? answer.data;
    empty.hidden = files.length > 0;
    list.replaceChildren(...files.map((file) => line(file, base + encodeURIComponent(file.name), remove)));
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

// A file that is too large to be kept has no address.
function leftAddress(run, { name, is_kept: isKept }) {
  return isKept === false ? "" : `/runs/${run}/files/${name.split("/").map(encodeURIComponent).join("/")}`;
}

function line({ name, size }, address, remove) {
  const link = element(address ? "a" : "span", "", plain(String(name)));
  if (address) Object.assign(link, { href: `/api/v1${address}`, download: "" });
  const parts = [link, element("span", "d mute", sized(size))];
  if (remove) {
    const away = button("btn s q", "cross", filled(words.delete, { name: link.textContent }));
    away.lastChild.className = "vh";
    away.addEventListener("click", () => remove(name));
    parts.push(away);
  }
  return element("li", "", ...parts);
}

function sized(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < MOST / 5 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
