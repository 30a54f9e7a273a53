export interface WaitOptions {
  /** What is waited for, for the message of the failure; a function is asked when it fails. */
  readonly what: string | (() => string);
  /** 60,000 unless told: it bounds a hang and does not judge speed. */
  readonly deadlineMs?: number;
  /** Pause between two looks; 10 unless told. */
  readonly everyMs?: number;
}

/**
 * Looks until `condition` answers something truthy, and returns that. A condition that throws counts as "not yet"; the
 * last error is the cause of the failure when the deadline passes.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions): Promise<NonNullable<T>> {
  const { what, deadlineMs = 60_000, everyMs = 10 } = options;
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      const awaited = typeof what === "function" ? what() : what;
      throw new Error(`waited ${deadlineMs} ms in vain for ${awaited}`, { cause: last });
    }
    await Bun.sleep(everyMs);
  }
}
