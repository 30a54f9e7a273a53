import type { EngineProcess } from "../process.ts";

export interface SuperviseOptions<Part extends EngineProcess> {
  readonly start: () => Promise<Part>;
  /** Told what happens, in a line. */
  readonly say: (line: string) => void;
  /** Aborted when all comes to its end: what ends from then on stays down. */
  readonly ending: AbortSignal;
  /** Before the first new start; it doubles up to 40 times as much while starts fail or do not live long. 250. */
  readonly pauseMs?: number;
}

export interface Supervised<Part extends EngineProcess> {
  /** As it is now: after an end of the process, another one. */
  readonly current: Part;
  /** To be called after `ending` was aborted. */
  stop(): Promise<void>;
}

/** A process that has run for so long is well, and its next end gets the first pause again. */
const wellAfterMs = 10_000;

/** Starts a process and starts it again whenever it ends. @throws Error of the first start */
export async function supervise<Part extends EngineProcess>(
  options: SuperviseOptions<Part>,
): Promise<Supervised<Part>> {
  const { start, say, ending, pauseMs = 250 } = options;
  let current = await start();
  const watching = watch();
  return {
    get current() {
      return current;
    },
    async stop() {
      await current.stop();
      await watching;
    },
  };

  async function watch(): Promise<void> {
    let pause = pauseMs;
    for (;;) {
      const since = performance.now();
      const [how] = (await current.ended).split(":\n");
      if (ending.aborted) return;
      if (performance.now() - since > wellAfterMs) pause = pauseMs;
      say(`${how}; starting it again`);
      const next = await again(pause);
      if (next === undefined) return;
      current = next;
      // Told to stop while this one started: nobody else knows of it.
      if (ending.aborted) return current.stop();
      say("running again");
      pause = Math.min(pause * 2, pauseMs * 40);
    }
  }

  async function again(firstPause: number): Promise<Part | undefined> {
    for (let pause = firstPause; ; pause = Math.min(pause * 2, pauseMs * 40)) {
      await wait(pause, ending);
      if (ending.aborted) return undefined;
      try {
        return await start();
      } catch (error) {
        if (ending.aborted) return undefined;
        say(`does not start: ${error instanceof Error ? error.message.replaceAll("\n", " · ") : error}`);
      }
    }
  }
}

/** Resolves after so many milliseconds, or when the signal is aborted. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", over);
    if (signal.aborted) over();
  });
}
