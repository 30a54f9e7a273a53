import { KafkaAway, reasonOf } from "./connect.ts";

/**
 * What a broker answers for a group while it is about to look after it: just after its start, or when the group comes from a broker
 * that went. kafkajs hands the first on at once, and has tried again for the others for about a second.
 */
const passing: ReadonlySet<unknown> = new Set([
  "GROUP_LOAD_IN_PROGRESS",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR_FOR_GROUP",
]);

export interface Patience {
  /** 20,000. */
  readonly deadlineMs?: number;
  /** Between two questions; 200. */
  readonly everyMs?: number;
}

/**
 * Asks a group's coordinator, again while it is not ready yet.
 * @throws KafkaAway when it is not ready in time; any other error as it is
 */
export async function askCoordinator<T>(
  ask: () => Promise<T>,
  { deadlineMs = 20_000, everyMs = 200 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (performance.now() + everyMs > deadline)
        throw new KafkaAway(`Kafka does not know yet where the groups are; try again in a moment: ${reasonOf(error)}`, {
          cause: error,
        });
      await Bun.sleep(everyMs);
    }
  }
}

/** kafkajs puts its own errors around those of the protocol. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("type" in error && passing.has(error.type)) || isPassing(error.cause);
}
