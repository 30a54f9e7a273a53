import { keepDoing } from "@rondo/bus";
import type { Database } from "@rondo/db";
import { trimRateLimits } from "@rondo/http";
import { trimInbox } from "@rondo/outbox";
import { getLog } from "@rondo/telemetry";

/** Far longer than the bus keeps events. */
const inboxKeptMs = 30 * 86_400_000;
const everyMs = 10 * 60_000;

/** Forgets, now and every ten minutes, what the inbox and the limits no longer need; the trail itself stays. Answers how to stop. */
export function keepAuditTrimmed({ sql }: Pick<Database, "sql">): () => Promise<void> {
  const log = getLog("audit");
  const trim = async () => {
    await trimInbox(sql, "audit", new Date(Date.now() - inboxKeptMs));
    await trimRateLimits(sql, "audit");
  };
  return keepDoing(everyMs, trim, (error) => log.warn("trimming failed", { error }));
}
