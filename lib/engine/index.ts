export { type EngineOptions, openEngine } from "./open.ts";
export type { Engine, EngineConfig } from "./port.ts";
