import type { Spec } from "@rondo/config";
import type { MigrationSet } from "@rondo/db";
import type { Topic } from "@rondo/event";

const dayMs = 86_400_000;

/** A topic's settings, stated by the service that publishes to it. */
export interface TopicSettings {
  /** Events are kept at least this long. */
  readonly retentionMs: number;
}

/** One week: the longest outage of a consumer that loses nothing. */
export const weekOfEvents: TopicSettings = { retentionMs: 7 * dayMs };

/** A topic that a service consumes. */
export interface Consumption {
  readonly topic: Topic;
  /**
   * `group`: each event goes to one replica, is tried again, and becomes a dead letter in the end. `broadcast`: each event goes to
   * every replica, from now on and without retry.
   */
  readonly delivery: "group" | "broadcast";
}

/** What a caller may ask of another service: an HTTP method or `*`, and a path that may end in `/**`. */
export interface Call {
  readonly method: "*" | "GET" | "POST";
  readonly path: `/${string}`;
}

/**
 * What a service is, as data: the one place that says what it owns, publishes, consumes and calls. Operator commands, the engine on one
 * machine and test clusters read it; Dapr's resource files are held against it by a test.
 */
export interface Manifest {
  /** Its app-id under Dapr, its executable's name, its consumer group and, where it stores data, its PostgreSQL schema. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly description: string;
  /** The beginning of the paths that it answers; the longest beginning wins. */
  readonly prefix: `/${string}`;
  /** Everything that its executable reads from the environment. */
  readonly config: Spec;
  /** Its schema; loaded when asked for, for what they import takes time to load. */
  readonly migrations?: () => Promise<MigrationSet>;
  readonly publishes: Readonly<Partial<Record<Topic, TopicSettings>>>;
  readonly consumes: readonly Consumption[];
  /** Whom it calls and for what, by the name of the service. Anything else is refused. */
  readonly calls: Readonly<Record<string, readonly Call[]>>;
  /** How long a try of a call may take; 10,000. */
  readonly callTimeoutMs?: number;
  /** Whether other services call it: its sidecar then ends before it does. */
  readonly called: boolean;
}

/** What every service asks of the api that authenticates its callers: the token of a session, and the keys to verify it. */
export const authenticationCalls: readonly Call[] = [
  { method: "GET", path: "/api/auth/token" },
  { method: "GET", path: "/api/auth/jwks" },
];

/** The topics that a service publishes to, with their settings. */
export function publishedBy({ publishes }: Manifest): readonly (readonly [Topic, TopicSettings])[] {
  return Object.entries(publishes) as [Topic, TopicSettings][];
}

/** The names of the secret variables that a service reads from its secret store under Dapr. */
export function secretsOf({ config }: Manifest): readonly string[] {
  const ownOfDapr = ["DAPR_API_TOKEN", "APP_API_TOKEN"];
  return Object.values(config)
    .filter(({ secret, engine, name }) => secret === true && engine !== "local" && !ownOfDapr.includes(name))
    .map(({ name }) => name);
}
