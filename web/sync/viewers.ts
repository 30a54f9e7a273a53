import type { Streams } from "@rondo/http";
import type { Principal } from "@rondo/identity";
import type { Admission } from "./admission.ts";
import type { Guard } from "./guard.ts";
import type { Hub } from "./hub.ts";
import type { Message } from "./message.ts";
import type { SyncMetrics } from "./metrics.ts";

/** Why this side ends a stream: its reader is too slow, its credential no longer holds, or the process stops. */
export type Ending = "slow" | "refused" | "drain";

/** How messages get to one viewer. */
export interface Pipe {
  readonly transport: "sse" | "websocket";
  /** False when more waits unread than one viewer may cost. */
  write(message: Message): boolean;
  close(why: Ending): void;
}

export interface Viewer {
  readonly principal: Principal;
  /** Carries the credential and the workspace, for later checks. */
  readonly request: Request;
  /** What the viewer saw last; undefined when it starts afresh. */
  readonly cursor: string | undefined;
}

export interface Viewers {
  /**
   * Opens a stream and answers what to call when the other side is gone. Everything that the stream holds is given back then,
   * or when this side ends it.
   * @throws Problem `too_many`, `unavailable` when a limit is reached
   */
  open(viewer: Viewer, pipe: Pipe): () => void;
}

export interface ViewersOptions {
  readonly hub: Hub;
  readonly guard: Guard;
  readonly admission: Admission;
  readonly streams: Streams;
  readonly metrics: SyncMetrics;
}

export function createViewers({ hub, guard, admission, streams, metrics }: ViewersOptions): Viewers {
  return {
    open({ principal, request, cursor }, pipe) {
      const labels = { transport: pipe.transport };
      const held: (() => void)[] = [admission.enter(principal.user_id)];
      metrics.streams.inc(labels);
      held.push(() => metrics.streams.dec(labels));
      let ended = false;
      const end = () => {
        ended = true;
        for (const release of held.splice(0)) release();
      };
      const close = (why: Ending) => {
        if (ended) return;
        end();
        metrics.endings.inc({ why });
        pipe.close(why);
      };
      const send = (message: Message) => {
        if (!ended && !pipe.write(message)) close("slow");
      };
      held.push(hub.join(principal.workspace_id, { send }, cursor));
      held.push(guard.watch(request, () => close("refused")));
      held.push(streams.add(() => close("drain")));
      // The replay itself may have been too much: then what was taken since goes back too.
      if (ended) end();
      return end;
    },
  };
}
