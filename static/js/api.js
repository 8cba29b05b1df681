// Calls to our API, as JSON. Returns {status, data}, or null if no response arrived.
import { account, csrf } from "./outbox.js";

const PATIENCE = 20000;

const MOST_TRIES = 6;
const LONGEST_WAIT = 5; // seconds; for a longer wait the person sees a message

// Repeats the call if the server asks to try again later (it is sending another large response, or there were too many calls).
export async function call(method, path, body, { isRaw = false, keepalive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrf(), ...account };
  if (body !== undefined) headers["Content-Type"] = isRaw ? "application/octet-stream" : "application/json";
  const sent = body === undefined || isRaw ? body : JSON.stringify(body);
  try {
    for (let tried = 1; ; tried += 1) {
      const answer = await fetch(`/api/v1${path}`, { method, headers, body: sent, keepalive, signal: AbortSignal.timeout(PATIENCE) });
      const wait = Number(answer.headers.get("Retry-After"));
      if (answer.status === 429 && wait <= LONGEST_WAIT && tried < MOST_TRIES) {
        await new Promise((done) => setTimeout(done, wait * 1000));
        continue;
      }
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      return { status: answer.status, isOk: answer.ok, data: isJson ? await answer.json() : null };
    }
  } catch {
    return null;
  }
}

// A POST that is sent again because its response was lost has its effect only once.
export async function callOnce(path, body) {
  const key = randomKey();
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf(), "Idempotency-Key": key, ...account };
  const options = { method: "POST", headers, body: JSON.stringify(body) };
  for (const pause of [0, 1000]) {
    await new Promise((done) => setTimeout(done, pause));
    try {
      const answer = await fetch(`/api/v1${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status < 500) return { status: answer.status, isOk: answer.ok, data: await answer.json() };
    } catch {
      // try again
    }
  }
  return null;
}

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
