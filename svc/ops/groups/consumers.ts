import { services } from "../services.ts";

/** The groups that must consume for Rondo to work, and their topics. */
export const consumers = services.flatMap(({ name: group, consumes }) =>
  consumes.filter(({ delivery }) => delivery === "group").map(({ topic }) => ({ group, topic })),
);

/** The groups of the live signals, one for each process, and their topic. They hear what is new, and never catch up with anything. */
export const signals = { prefix: "bc-", topic: "task-updates" } as const;
