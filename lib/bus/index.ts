export type { ConsumerTiming } from "./consumer.ts";
export { createDaprBus, type DaprBus, type DaprBusOptions } from "./dapr/bus.ts";
export { eachInOrder, reasonOf } from "./each_in_order.ts";
export { createAdmin as createLocalAdmin } from "./local/admin.ts";
export { createLocalBus, type LocalBusOptions } from "./local/bus.ts";
export {
  deleteGroup,
  type GroupHolder,
  type GroupPosition,
  readGroupTopics,
  readHolders,
  readPositions,
} from "./local/operator_queries.ts";
export { trimLog } from "./local/trimmer.ts";
export { busMigrations } from "./migrations.ts";
export { countParked } from "./parked/queries.ts";
export { defaultPolicy, pauseAfter } from "./policy.ts";
export * from "./port.ts";
