import type { Platform, Wired } from "@rondo/service";
import { createApp } from "./app.ts";
import { scheduleAuditChores } from "./chores.ts";
import { auditSubscription } from "./entry/record.ts";

/** What the audit service takes of its configuration. */
export interface AuditSettings {
  readonly requestsPerMinute: number;
}

/** The audit service in its surroundings: the trail's consumer and chores beside its app. */
export async function wireAudit(platform: Platform, { requestsPerMinute }: AuditSettings): Promise<Wired> {
  const { db, background, clock, newId } = platform;
  const { bus, scheduler } = await platform.opened();
  bus.subscribe(auditSubscription({ db: background, newId }));
  scheduleAuditChores(scheduler, { sql: background.sql, clock });
  return { app: createApp({ ...platform, db, origin: platform.origins, requestsPerMinute }) };
}
