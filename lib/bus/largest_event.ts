/** What Kafka takes by default (1 MiB), less some room for its own headers: so that no engine takes what another refuses. */
export const largestEventBytes = 1_000_000;
