import { Problem } from "@rondo/problem";

/** Requests that began at about the same time: they share one timer and one AbortSignal, because both are costly per request. */
export interface Slot {
  /** Aborts when the time of these requests is over. */
  readonly signal: AbortSignal;
  /** @throws Problem `unavailable` when the work is not done in time; its own result is then ignored. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface Deadlines {
  /** The slot of a request that begins now. */
  current(): Slot;
}

/** Each request gets at least `limitMs` and at most a fortieth more. */
export function createDeadlines(limitMs: number): Deadlines {
  const slotMs = Math.max(1, limitMs / 40);
  let slot: Slot | undefined;
  let slotEnd = 0;
  return {
    current() {
      const now = performance.now();
      if (!slot || now >= slotEnd) {
        slot = createSlot(limitMs + slotMs);
        slotEnd = now + slotMs;
      }
      return slot;
    },
  };
}

function createSlot(lifeMs: number): Slot {
  const controller = new AbortController();
  const waiting = new Set<(reason: Problem) => void>();
  const expire = () => {
    const problem = new Problem("unavailable", "This took too long, so it was given up. Try again in a moment.", {
      retryAfterSeconds: 1,
    });
    for (const reject of waiting) reject(problem);
    waiting.clear();
    controller.abort(problem);
  };
  setTimeout(expire, lifeMs).unref();
  return {
    signal: controller.signal,
    run: (work) =>
      new Promise((resolve, reject) => {
        waiting.add(reject);
        work().then(
          (result) => {
            waiting.delete(reject);
            resolve(result);
          },
          (error) => {
            waiting.delete(reject);
            reject(error);
          },
        );
      }),
  };
}
