export interface Ending {
  /** Aborted from the moment when somebody wants the end, or `begin` was called. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly asked: Promise<void>;
  begin(): void;
}

const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
/** One wish often arrives several times: at the whole group of processes, and passed on by npm. A person who presses again is slower. */
const echoMs = 500;
const lookMs = 250;

/**
 * Waits for Ctrl-C, SIGTERM, the end of the terminal, or the end of the command that started us (npm may end without a
 * word). A later second signal ends this process at once, and the janitor what it leaves.
 */
export function untilAskedToEnd(): Ending {
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  controller.signal.addEventListener("abort", () => asked.resolve());
  let heard: number | undefined;
  for (const [signal, number] of Object.entries(numbers)) {
    process.on(signal, () => {
      if (heard !== undefined && performance.now() - heard > echoMs) process.exit(128 + number);
      heard ??= performance.now();
      controller.abort();
    });
  }
  // Nobody reads any more; the end is what matters then.
  process.stdout.on("error", () => controller.abort());
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) controller.abort();
  }, lookMs);
  watch.unref();
  return { signal: controller.signal, asked: asked.promise, begin: () => controller.abort() };
}
