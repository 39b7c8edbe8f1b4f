// Calls the service: tries again with growing pauses while it cannot be reached, and says so; a refusal is final.

/** The reply that every question may take. */
export const NOT_SURE = "not_sure";

const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];
const PATIENCE = 15000;
const SLOW = 2500;
const PASSING = new Set([408, 425, 429, 502, 503, 504]);

/** The service understood the call and says no. */
export class Refused extends Error {
  /** @param {number} status @param {string} kind the last part of the problem's `type` */
  constructor(status, kind) {
    super(`${status} ${kind}`);
    this.status = status;
    this.kind = kind;
  }
}

/** @typedef {{token?: string | null, body?: unknown, key?: string}} Sent */

/** One caller of one service; `told` hears "calm", "slow", "trouble" and "offline" as it changes. */
export class Wire {
  /** @param {string} base @param {(weather: string) => void} told */
  constructor(base, told) {
    this.#base = base.replace(/\/$/, "");
    this.#told = told;
  }

  #base;
  #told;
  #over = new AbortController();
  /** @type {Set<() => void>} */
  #sleepers = new Set();

  /** Ends every call under way; nobody waits for them any more. */
  stop() {
    this.#over.abort();
  }

  /** Tries again at once what is waiting for its next try. */
  wake() {
    for (const wake of this.#sleepers) wake();
  }

  /**
   * The reply's JSON (null for an empty one), however many tries it takes.
   * @param {string} method @param {string} path @param {Sent} [sent]
   * @returns {Promise<any>} rejects with Refused, or never once stopped
   */
  async call(method, path, sent = {}) {
    for (let tries = 0; ; tries += 1) {
      const reply = await this.#once(method, path, sent);
      if (this.#over.signal.aborted) return new Promise(() => {});
      if (reply && !PASSING.has(reply.status)) {
        this.#told("calm");
        return read(reply);
      }
      this.#told(navigator.onLine === false ? "offline" : "trouble");
      const asked = Number(reply?.headers.get("Retry-After") ?? 0) * 1000;
      const pause = PAUSES[Math.min(tries, PAUSES.length - 1)] * (0.75 + Math.random() / 2);
      await this.#sleep(Math.max(pause, Math.min(asked, PATIENCE)));
    }
  }

  /** @param {string} method @param {string} path @param {Sent} sent */
  async #once(method, path, { token, body, key }) {
    const slow = setTimeout(() => this.#told("slow"), SLOW);
    const attempt = new AbortController();
    const end = () => attempt.abort();
    const patience = setTimeout(end, PATIENCE);
    this.#over.signal.addEventListener("abort", end);
    const headers = new Headers();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (key) headers.set("Idempotency-Key", key);
    try {
      return await fetch(this.#base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: attempt.signal,
      });
    } catch {
      return null;
    } finally {
      clearTimeout(slow);
      clearTimeout(patience);
      this.#over.signal.removeEventListener("abort", end);
    }
  }

  /** @param {number} pause */
  #sleep(pause) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        removeEventListener("online", wake);
        this.#sleepers.delete(wake);
        resolve(undefined);
      };
      const timer = setTimeout(wake, pause);
      addEventListener("online", wake);
      this.#sleepers.add(wake);
    });
  }
}

/** @param {Response} reply */
async function read(reply) {
  const found = await reply.json().catch(() => null);
  if (reply.ok) return found;
  throw new Refused(
    reply.status,
    String(found?.type ?? "")
      .split("/")
      .pop() ?? "",
  );
}
