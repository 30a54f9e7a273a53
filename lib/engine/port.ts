import type { Bus } from "@rondo/bus";
import type { Transport } from "@rondo/client";
import type { Database } from "@rondo/db";
import type { Fetcher, SidecarCalls } from "@rondo/http";
import type { Scheduler } from "@rondo/scheduler";

/** What `engineGroup` of `@rondo/config` reads, and where other services listen when no sidecar knows them. */
export interface EngineConfig {
  readonly engine: "local" | "dapr";
  readonly sidecarUrl: string;
  readonly daprToken: string | undefined;
  readonly appToken: string | undefined;
  readonly serviceToken?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly auditUrl?: string | undefined;
}

/** Everything by which a program meets the others, whatever carries it. */
export interface Engine {
  /** Calls the other services, with patience. */
  readonly transport: Transport;
  /** For `baseApp`: how calls through the sidecar are known. Undefined where there is no sidecar. */
  readonly sidecar: SidecarCalls | undefined;
  /** For the admin app: what the engine needs to be of use. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  /**
   * The carrier of events, with its tables in place. To be asked for once, before `mount`.
   * @param db where the local engine keeps events, and where either one parks those that failed; undefined in a program
   * that consumes nothing, and under another engine has no database
   * @throws Error when the engine keeps events in a database and there is none
   */
  openBus(db: Database | undefined): Promise<Bus>;
  /** The keeper of exact moments, with its tables in place. To be asked for once, before `mount`. */
  openScheduler(db: Database): Promise<Scheduler>;
  /** The app, and beside it what the sidecar calls. */
  mount(app: Fetcher): Fetcher;
  /** Starts what was opened. To be called when the app listens, for the sidecar waits for that. */
  start(): Promise<void>;
  /**
   * For the drain, before requests are waited for: events and jobs that come as requests are sent back from now on, to come again,
   * and those under way are finished or given back soon.
   */
  readonly deliveries: readonly (() => Promise<void>)[];
  /** For the drain: resolves when no other service calls this one any more. */
  readonly leave: () => Promise<void>;
  /** Ends what was opened. */
  stop(): Promise<void>;
}
