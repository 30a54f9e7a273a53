import { pause, within } from "@rondo/coordination";

export interface OutageGateOptions {
  /** What the group needs, each apart from any event: rejects while that is away. */
  readonly probes: readonly (() => Promise<void>)[];
  readonly everyMs: number;
  /** Told when the group pauses, with the cause, and when it goes on, with undefined. */
  readonly changed: (cause: unknown) => void;
}

/** Longer than a database's own deadline for a statement: one that is only busy answers in time. */
const probeTimeoutMs = 10_000;

/**
 * Tells an outage from a bad event. A failure during an outage says nothing of the event, so whoever meets one asks here; while
 * something is away, the whole group waits here and counts no tries.
 */
export class OutageGate {
  readonly #options: OutageGateOptions;
  #isAway = false;
  #asking: Promise<boolean> | undefined;

  constructor(options: OutageGateOptions) {
    this.#options = options;
  }

  /** Asks the probes. After true, `untilBack` waits. */
  async isAway(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  /** Resolves as soon as everything is there, or the signal is aborted. */
  async untilBack(over: AbortSignal): Promise<void> {
    while (this.#isAway && !over.aborted) {
      await pause(this.#options.everyMs, over);
      if (!over.aborted) await this.isAway();
    }
  }

  async #ask(): Promise<boolean> {
    const { probes, changed } = this.#options;
    const answers = probes.map((probe) => within(probe(), probeTimeoutMs, "the probe did not answer"));
    const failure = (await Promise.allSettled(answers)).find(({ status }) => status === "rejected");
    const isAway = failure !== undefined;
    if (isAway !== this.#isAway) changed(failure?.status === "rejected" ? failure.reason : undefined);
    this.#isAway = isAway;
    return isAway;
  }
}
