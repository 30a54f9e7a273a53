import type { Client } from "@rondo/client";
import type { RemoteAuthenticator } from "@rondo/identity";
import type { Metrics } from "@rondo/telemetry";

/** What the web tier needs of the world. */
export interface WebDeps {
  readonly client: Client;
  /** Turns the browser's cookie into a token with which to call the api. */
  readonly authenticator: Pick<RemoteAuthenticator, "identify" | "forget">;
  readonly metrics: Metrics;
  /** The origin (or origins) that people use. */
  readonly origin: string | readonly string[];
  /** Addresses or CIDR blocks of reverse proxies, whose word about the client's address counts; none. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly clock: () => Date;
}
