const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof numbers;

/** Longer than any drain may take; then the process ends as it is. */
const patienceMs = 9_800;

/**
 * Waits for SIGTERM or SIGINT (Ctrl-C), stops, and exits: 0 after a clean stop, 1 when it failed or hung. A second signal
 * exits at once with 128 + its number, for people who will not wait.
 */
export async function runUntilSignal(stop: () => Promise<void>): Promise<never> {
  await firstSignal();
  for (const [signal, number] of Object.entries(numbers)) process.on(signal, () => process.exit(128 + number));
  setTimeout(() => process.exit(1), patienceMs);
  try {
    await stop();
  } catch {
    process.exit(1);
  }
  process.exit(0);
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    const names: readonly StopSignal[] = ["SIGINT", "SIGTERM"];
    const hear = () => {
      for (const name of names) process.off(name, hear);
      resolve();
    };
    for (const name of names) process.on(name, hear);
  });
}
