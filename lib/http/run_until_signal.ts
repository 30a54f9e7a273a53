const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** Longer than any drain may take; then the process ends as it is. */
const patienceMs = 9_800;

/** One wish often arrives several times: at the whole group of processes, and passed on by npm. A person who presses again is slower. */
const echoMs = 500;

/**
 * Waits for SIGTERM or SIGINT (Ctrl-C), stops, and exits: 0 after a clean stop, 1 when it failed or hung. A later second
 * signal exits at once with 128 + its number, for people who will not wait.
 */
export async function runUntilSignal(stop: () => Promise<void>): Promise<never> {
  await firstSignal();
  setTimeout(() => process.exit(1), patienceMs);
  try {
    await stop();
  } catch {
    process.exit(1);
  }
  process.exit(0);
}

/** The handlers stay: without one, the next signal would end the process where it stands. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let heard: number | undefined;
    for (const [signal, number] of Object.entries(numbers)) {
      process.on(signal, () => {
        if (heard !== undefined && performance.now() - heard > echoMs) process.exit(128 + number);
        heard ??= performance.now();
        resolve();
      });
    }
  });
}
