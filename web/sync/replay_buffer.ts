import { momentOf } from "./cursor.ts";
import type { Message } from "./message.ts";

export interface ReplayLimits {
  /** At most this many messages, of all workspaces together. */
  readonly count: number;
  readonly ageMs: number;
  /** More than this many missed messages are not worth sending one by one: the viewer gets `resync` instead. */
  readonly burst: number;
}

export const defaultReplayLimits: ReplayLimits = { count: 10_000, ageMs: 300_000, burst: 500 };

/** How far the clocks of two of our machines may be apart before a cursor made by one misleads the other. */
const clockSkewMs = 1_000;
/** A cursor that is only a moment is answered from this much earlier: replicas receive the same event at slightly different times. */
export const overlapMs = 10_000;

interface Entry {
  readonly workspace_id: string;
  readonly arrivedMs: number;
  readonly message: Message;
}

export interface ReplayBuffer {
  /** Nothing is missed from this moment on, and what there was before is not known. */
  begin(nowMs: number): void;
  /** Keeps the message; false when it was there already (the bus delivers at least once). */
  add(workspaceId: string, message: Message, id: string, nowMs: number): boolean;
  /** What arrived in the workspace after the cursor, oldest first; undefined when that cannot be said any more. */
  since(workspaceId: string, cursor: string, nowMs: number): readonly Message[] | undefined;
  readonly size: number;
}

/**
 * The last messages of this process in the order of their arrival, which within a workspace is the same in every replica.
 * A cursor is either the id of a message that is still here (then the replay is exact), or any UUIDv7: "I saw everything up to
 * that moment", such as one made when a page was rendered. Such a cursor is good when the buffer has been complete since then,
 * and may bring a message twice, which is harmless, because viewers compare versions.
 */
export function createReplayBuffer(limits: ReplayLimits, startedMs: number): ReplayBuffer {
  const entries = new Map<string, Entry>();
  let completeSinceMs = startedMs;

  const dropOldest = (nowMs: number): void => {
    for (const [id, { arrivedMs }] of entries) {
      if (entries.size <= limits.count && nowMs - arrivedMs <= limits.ageMs) return;
      entries.delete(id);
      completeSinceMs = arrivedMs;
    }
  };

  const collect = (workspaceId: string, wanted: (entry: Entry, id: string) => boolean): Message[] | undefined => {
    const found: Message[] = [];
    for (const [id, entry] of entries) {
      if (entry.workspace_id !== workspaceId || !wanted(entry, id)) continue;
      if (found.push(entry.message) > limits.burst) return undefined;
    }
    return found;
  };

  return {
    begin(nowMs) {
      completeSinceMs = nowMs;
    },
    add(workspace_id, message, id, arrivedMs) {
      if (entries.has(id)) return false;
      entries.set(id, { workspace_id, arrivedMs, message });
      dropOldest(arrivedMs);
      return true;
    },
    since(workspaceId, cursor, nowMs) {
      dropOldest(nowMs);
      if (entries.get(cursor)?.workspace_id === workspaceId) {
        let passed = false;
        return collect(workspaceId, (_, id) => {
          const wanted = passed;
          passed ||= id === cursor;
          return wanted;
        });
      }
      const momentMs = momentOf(cursor);
      if (momentMs === undefined || momentMs > nowMs + clockSkewMs) return undefined;
      if (momentMs < completeSinceMs + clockSkewMs) return undefined;
      return collect(workspaceId, ({ arrivedMs }) => arrivedMs >= momentMs - overlapMs);
    },
    get size() {
      return entries.size;
    },
  };
}
