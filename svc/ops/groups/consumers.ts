/** Who must consume what for Rondo to work. */
export const consumers = [{ group: "audit", topic: "task-events" }] as const;

/** The groups of the live signals, one for each process, and their topic. They hear what is new, and never catch up with anything. */
export const signals = { prefix: "bc-", topic: "task-updates" } as const;
