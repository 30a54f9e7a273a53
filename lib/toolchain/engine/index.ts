export { type Authority, type AuthorityOptions, type AuthorityProcess, startAuthority } from "./authority.ts";
export { type Kafka, type KafkaOptions, startKafka } from "./kafka.ts";
export { freePort } from "./ports.ts";
export type { EngineProcess } from "./process.ts";
export { writeResources } from "./resources.ts";
export { writeStore } from "./run/secrets.ts";
export { type AppId, appIds, besideSidecar, services } from "./run/services.ts";
export { type SchedulerOptions, type SchedulerProcess, startScheduler } from "./scheduler.ts";
export { type Resources, type SidecarOptions, type SidecarProcess, startSidecar } from "./sidecar.ts";
