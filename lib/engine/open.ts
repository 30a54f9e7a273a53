import type { Metrics } from "@rondo/telemetry";
import { openDaprEngine } from "./dapr.ts";
import { openLocalEngine } from "./local.ts";
import type { Engine, EngineConfig } from "./port.ts";

export interface EngineOptions {
  readonly config: EngineConfig;
  readonly metrics: Metrics;
  /** Whether other services call this one. Then its sidecar ends before it, otherwise after it. */
  readonly called?: boolean;
  /** How long a try of a call may take; 10,000. */
  readonly callTimeoutMs?: number;
}

/** The one place where `RONDO_ENGINE` becomes adapters: what is opened here works alike, whichever it is. */
export function openEngine(options: EngineOptions): Engine {
  return options.config.engine === "dapr" ? openDaprEngine(options) : openLocalEngine(options);
}
