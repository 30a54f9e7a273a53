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
  readonly id: string;
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
  // From `dropped` on; the others go in bulk, for to take the first away from a long list or Map is slow.
  let entries: Entry[] = [];
  let dropped = 0;
  /** How many had come before. */
  const places = new Map<string, number>();
  let come = 0;
  let completeSinceMs = startedMs;

  const dropOldest = (nowMs: number): void => {
    for (let oldest = entries[dropped]; oldest !== undefined; oldest = entries[dropped]) {
      if (places.size <= limits.count && nowMs - oldest.arrivedMs <= limits.ageMs) break;
      places.delete(oldest.id);
      completeSinceMs = oldest.arrivedMs;
      dropped += 1;
    }
    if (dropped <= places.size) return;
    entries = entries.slice(dropped);
    dropped = 0;
  };

  const collect = (from: number, wanted: (entry: Entry) => boolean): Message[] | undefined => {
    const found: Message[] = [];
    for (const entry of entries.slice(from)) {
      if (wanted(entry) && found.push(entry.message) > limits.burst) return undefined;
    }
    return found;
  };

  return {
    begin(nowMs) {
      completeSinceMs = nowMs;
    },
    add(workspace_id, message, id, arrivedMs) {
      if (places.has(id)) return false;
      places.set(id, come);
      come += 1;
      entries.push({ id, workspace_id, arrivedMs, message });
      dropOldest(arrivedMs);
      return true;
    },
    since(workspaceId, cursor, nowMs) {
      dropOldest(nowMs);
      const inWorkspace = (entry: Entry) => entry.workspace_id === workspaceId;
      const place = places.get(cursor);
      if (place !== undefined) {
        const at = entries.length - (come - place);
        const seen = entries[at];
        if (seen !== undefined && inWorkspace(seen)) return collect(at + 1, inWorkspace);
      }
      const momentMs = momentOf(cursor);
      if (momentMs === undefined || momentMs > nowMs + clockSkewMs) return undefined;
      if (momentMs < completeSinceMs + clockSkewMs) return undefined;
      return collect(dropped, (entry) => inWorkspace(entry) && entry.arrivedMs >= momentMs - overlapMs);
    },
    get size() {
      return places.size;
    },
  };
}
