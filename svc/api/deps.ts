import type { Database } from "@rondo/db";
import type { SidecarCalls } from "@rondo/http";
import type { Metrics } from "@rondo/telemetry";
import type { Identity } from "./identity/index.ts";
import type { Inboxes } from "./project/inbox.ts";

/** What `createApp` is wired from. */
export interface AppDeps {
  readonly db: Database;
  readonly identity: Pick<Identity, "routes" | "authenticate">;
  readonly clock: () => Date;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** Called after each commit that appended to the outbox, so that the event need not wait for a poll. */
  readonly wakeRelay: () => void;
  readonly metrics: Metrics;
  /** The site's origin, such as `https://tasks.example.org`; more than one where browsers use several. */
  readonly origin: string | readonly string[];
  /** How often one actor may call in a minute. */
  readonly requestsPerMinute: number;
  readonly trustedProxies?: readonly string[] | undefined;
  /** How calls through the sidecar of this process are known. */
  readonly sidecar?: SidecarCalls | undefined;
  /** What our own services show each other where there is no sidecar. */
  readonly serviceToken?: string | undefined;
}

/** What verbs work with. */
export interface Deps extends Pick<AppDeps, "db" | "clock" | "newId" | "wakeRelay"> {
  readonly inboxes: Inboxes;
}
