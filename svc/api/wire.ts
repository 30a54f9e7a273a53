import { createRelay } from "@rondo/outbox";
import type { Platform, Wired } from "@rondo/service";
import { createApp } from "./app.ts";
import { scheduleApiChores } from "./chores.ts";
import { createIdentity } from "./identity/index.ts";

/** What the api takes of its configuration. */
export interface ApiSettings {
  /** Where `db` leads: identity has a small pool of its own. */
  readonly databaseUrl: string;
  /** Signs sessions, at least 32 characters. */
  readonly authSecret: string;
  /** Who may make an account: everybody, or nobody once there is a first one. */
  readonly signUp: "open" | "closed";
  readonly requestsPerMinute: number;
}

/** The api in its surroundings: identity, chores and the outbox relay behind its app. */
export async function wireApi(platform: Platform, settings: ApiSettings): Promise<Wired> {
  const { db, background, origin, metrics, clock, newId, quietPollMs } = platform;
  const { databaseUrl, authSecret: secret, requestsPerMinute, signUp } = settings;
  const identity = createIdentity({ db, databaseUrl, origin, secret, clock, newId, signUp });
  const { bus, scheduler } = await platform.opened();
  scheduleApiChores(scheduler, { db: background, clock, newId });
  const relay = createRelay({ db: background, schema: "api", bus, metrics, quietPollMs });
  const app = createApp({
    ...platform,
    db,
    identity,
    wakeRelay: relay.wake,
    origin: platform.origins,
    requestsPerMinute,
  });
  return { app, start: relay.start, stop: relay.stop, close: identity.close };
}
