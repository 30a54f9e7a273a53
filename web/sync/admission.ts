import { Problem } from "@rondo/problem";
import type { SyncMetrics } from "./metrics.ts";

export interface StreamLimits {
  readonly perUser: number;
  readonly perProcess: number;
}

export interface Admission {
  /**
   * Takes a place for one stream; answers how to give it back.
   * @throws Problem `too_many` when the user, `unavailable` when the process has as many streams as it may
   */
  enter(userId: string): () => void;
}

export function createAdmission({ perUser, perProcess }: StreamLimits, metrics: SyncMetrics): Admission {
  const byUser = new Map<string, number>();
  let all = 0;
  return {
    enter(userId) {
      const own = byUser.get(userId) ?? 0;
      if (own >= perUser) {
        metrics.rejected.inc({ limit: "user" });
        throw new Problem("too_many", `You have ${own} live streams open; close some of them.`, {
          retryAfterSeconds: 30,
        });
      }
      if (all >= perProcess) {
        metrics.rejected.inc({ limit: "process" });
        throw new Problem("unavailable", "No more live streams can be opened at the moment.", { retryAfterSeconds: 5 });
      }
      all++;
      byUser.set(userId, own + 1);
      return () => {
        all--;
        const left = (byUser.get(userId) ?? 0) - 1;
        if (left > 0) byUser.set(userId, left);
        else byUser.delete(userId);
      };
    },
  };
}
