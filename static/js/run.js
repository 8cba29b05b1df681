// A run from the queue to its verdict: events as they come, from where they broke off after a lost connection.
//
// A listener has: place(n), started(), session(), cell(id, state), frame(cell, data), tested(row), finished(verdict, message,
// tests), lost(). `started` voids what came before.
import { call } from "./api.js";
import { words } from "./words.js";

const MOST_STREAMS = 3; // a browser opens six connections to one place
const ASK = 700;
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
    let hasStarted = false;
    const asking = setInterval(async () => {
      const answer = await call("GET", `/runs/${id}/`);
      if (!hasStarted && answer?.data?.position) listener.place(answer.data.position);
    }, ASK);
    const end = () => { clearInterval(asking); source.close(); done(); };
    const on = (name, act) => source.addEventListener(name, ({ data }) => act(JSON.parse(data)));
    on("started", () => { hasStarted = true; clearInterval(asking); listener.started(); });
    on("session", () => listener.session());
    on("cell", ({ cell, state }) => listener.cell(cell, state));
    on("frame", ({ cell, data }) => listener.frame(cell, data));
    on("tested", ({ row }) => listener.tested?.(row));
    on("finished", async ({ verdict, message, tests }) => {
      if (!hasStarted) return end(await replay(id, listener)); // the stream is gone, the row has everything
      end(listener.finished(verdict, message, tests));
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

// A finished run as if it happened now; false where it is not finished, or nobody answered.
export async function replay(id, listener) {
  const answer = await call("GET", `/runs/${id}/`);
  if (answer && !answer.isOk) return true; // it is nobody's any more
  if (answer?.data?.state !== "finished") return false;
  const { outputs, verdict, message, tests } = answer.data;
  listener.started();
  for (const { cell, data } of outputs) listener.frame(cell, data);
  listener.finished(verdict, message, tests);
  return true;
}

// What a verdict means, in a sentence; "" where the cell that raised says it itself.
export function meaning(verdict) {
  const name = verdict.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return ["succeeded", "failed"].includes(verdict) ? "" : words[name] ?? "";
}

export function stop(id) {
  return call("POST", `/runs/${id}/stop/`);
}
