import type { Database } from "@rondo/db";
import type { Log } from "@rondo/telemetry";
import { markTokenUsed } from "./queries.ts";

export interface Touches {
  /** Writes down that the token was used, without anybody waiting for it. */
  touch(id: string): void;
  settled(): Promise<void>;
}

/** A token's last use is a courtesy to its owner: when it cannot be written, the request goes on. */
export function createTouches(db: Database, log: Log): Touches {
  const running = new Set<Promise<void>>();
  return {
    touch(id) {
      const touching = markTokenUsed(db.sql, id)
        .catch((error: unknown) => log.warn("the last use of an API token could not be written", { error }))
        .finally(() => running.delete(touching));
      running.add(touching);
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
}
