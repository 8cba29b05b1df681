// Follows a run from the queue to its verdict; after a lost connection the events continue where they stopped.
//
// A listener has: place(n), started(), session(), cell(id, state), frame(cell, data), tested(row), finished(verdict, message,
// tests), lost(). `started` discards earlier output; its argument is true in a replay, which names no states of cells.
import { call } from "./api.js";
import { words } from "./words.js";

const MOST_STREAMS = 3; // a browser opens at most six connections to one server
const RETRY = 3000;
const waiting = [];
let open = 0;

// Resolves when the run has ended.
export function follow(id, listener) {
  return new Promise((done) => {
    waiting.push(() => watch(id, listener).then(done));
    begin();
  });
}

function begin() {
  while (open < MOST_STREAMS && waiting.length) {
    open += 1;
    waiting.shift()().finally(() => { open -= 1; begin(); });
  }
}

function watch(id, listener) {
  return new Promise((done) => {
    const source = new EventSource(`/api/v1/runs/${id}/events/`);
    let last = "";
    const end = (rest) => { source.close(); done(rest); };
    const on = (name, act) => source.addEventListener(name, ({ data, lastEventId }) => {
      act(JSON.parse(data), lastEventId);
      last = lastEventId;
    });
    on("queued", ({ position }) => listener.place(position));
    on("started", () => listener.started());
    on("session", () => listener.session());
    on("cell", ({ cell, state }) => listener.cell(cell, state));
    on("frame", ({ cell, data }) => listener.frame(cell, data));
    on("tested", ({ row }) => listener.tested?.(row));
    on("finished", ({ verdict, message, tests }, number) => {
      const isStreamed = number && number !== last;
      end(isStreamed ? listener.finished(verdict, message, tests) : insist(id, listener)); // the database has the whole run
    });
    source.addEventListener("error", () => {
      listener.lost();
      if (source.readyState === EventSource.CLOSED) end(insist(id, listener));
    });
  });
}

async function insist(id, listener) {
  while (!(await replay(id, listener))) await new Promise((done) => setTimeout(done, RETRY));
}

// Replays a finished run; returns false if the run is not finished or the server did not respond.
export async function replay(id, listener) {
  const answer = await call("GET", `/runs/${id}/`);
  if ([401, 403, 404].includes(answer?.status)) return true; // this person can no longer see the run
  if (answer?.data?.state !== "finished") return false;
  const { verdict, message, tests } = answer.data;
  listener.started(true);
  let { outputs, outputs_next: next } = answer.data;
  for (;;) {
    for (const { cell, data } of outputs) listener.frame(cell, data);
    if (!next) break;
    const page = await call("GET", `/runs/${id}/outputs/${new URL(next, location.href).search}`);
    if (!page?.isOk) return false;
    ({ results: outputs, next } = page.data);
  }
  listener.finished(verdict, message, tests);
  return true;
}

// Explains a verdict in a sentence; "" if the cell's error already does.
export function meaning(verdict) {
  const name = verdict.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return ["succeeded", "failed"].includes(verdict) ? "" : words[name] ?? "";
}

export function stop(id) {
  return call("POST", `/runs/${id}/stop/`);
}
