export { engineGroup, localEngineGroup, serviceGroup } from "./engine.ts";
export {
  accountGroup,
  callsGroup,
  databaseGroup,
  dataGroup,
  httpGroup,
  logGroup,
  originOf,
  proxyGroup,
  traceGroup,
} from "./groups.ts";
export { ConfigError, type ConfigOf, type LoadOptions, loadConfig, type Spec } from "./load.ts";
export { nearest } from "./nearest.ts";
export { type Network, parseNetwork } from "./network.ts";
export { type Program, runMain } from "./run.ts";
export { expectTableCurrent } from "./table.ts";
export {
  choice,
  type Describe,
  duration,
  flag,
  integer,
  optional,
  origin,
  text,
  under,
  url,
  type Variable,
} from "./variable.ts";
