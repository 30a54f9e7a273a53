import { type Authenticator, can } from "@rondo/identity";
import { Problem } from "@rondo/problem";

export interface GuardOptions {
  /** Asks whether the credential holds now, not whether it held a moment ago. */
  readonly recheck: Authenticator;
  /** The longest time between two checks; the shortest is two thirds of it, so that checks of many streams spread. */
  readonly everyMs: number;
  /** How long a stream goes on while nobody can say whether its credential still holds. */
  readonly graceMs: number;
}

export interface Guard {
  /** Checks the credential of an open stream again and again, and calls `refuse` once when it no longer holds. Answers how to stop. */
  watch(request: Request, refuse: () => void): () => void;
}

/** Refusals are these; any other failure only means that it cannot be told right now. */
const refusals: readonly string[] = ["unauthenticated", "forbidden", "not_found"];

export function createGuard({ recheck, everyMs, graceMs }: GuardOptions): Guard {
  const stillHolds = async (request: Request): Promise<boolean | "unknown"> => {
    try {
      return can(await recheck(request), "tasks.read");
    } catch (error) {
      return error instanceof Problem && refusals.includes(error.kind) ? false : "unknown";
    }
  };

  return {
    watch(request, refuse) {
      let lastKnown = performance.now();
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      const check = async (): Promise<void> => {
        const holds = await stillHolds(request);
        if (stopped) return;
        if (holds === true) lastKnown = performance.now();
        if (holds === false || performance.now() - lastKnown > graceMs) refuse();
        else schedule();
      };
      const schedule = (): void => {
        timer = setTimeout(check, everyMs * (1 - Math.random() / 3));
        timer.unref();
      };
      schedule();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
