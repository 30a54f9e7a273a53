import type { CloudEvent } from "@rondo/event";
import { cursorAt } from "./cursor.ts";
import { changeMessage, heartbeatMessage, type Message, openingMessage, resyncMessage } from "./message.ts";
import type { SyncMetrics } from "./metrics.ts";
import { createReplayBuffer, overlapMs, type ReplayLimits } from "./replay_buffer.ts";

/** The end of a stream at the viewer's side. `send` may call the `leave` of its own stream, but throws nothing. */
export interface Sink {
  send(message: Message): void;
}

export interface HubOptions {
  readonly replay: ReplayLimits;
  readonly metrics: SyncMetrics;
  readonly clock: () => Date;
}

/** Who sees what: messages of a workspace go to the streams of that workspace, and to no other. */
export interface Hub {
  /** From now on every event comes to `publish`: streams that were opened before may have missed some, and are told to look again. */
  begin(): void;
  /** An event of the topic `task-updates`; anything else is ignored. */
  publish(event: CloudEvent): void;
  /**
   * Opens a stream of one workspace: what was missed since the cursor (or `resync`), then everything from now on.
   * Answers how to leave; leaving twice is harmless.
   */
  join(workspaceId: string, sink: Sink, cursor: string | undefined): () => void;
  heartbeat(): void;
  /** Streams that are open. */
  readonly size: number;
}

interface Channel {
  readonly sinks: Set<Sink>;
  lastMessageMs: number;
}

export function createHub({ replay, metrics, clock }: HubOptions): Hub {
  const now = () => clock().getTime();
  const buffer = createReplayBuffer(replay, now());
  const channels = new Map<string, Channel>();
  let size = 0;

  const channelOf = (workspaceId: string): Channel => {
    const known = channels.get(workspaceId);
    if (known) return known;
    const channel = { sinks: new Set<Sink>(), lastMessageMs: Number.NEGATIVE_INFINITY };
    channels.set(workspaceId, channel);
    return channel;
  };

  const greet = (workspaceId: string, sink: Sink, cursor: string | undefined): void => {
    const nowMs = now();
    sink.send(openingMessage(cursor === undefined ? cursorAt(nowMs) : undefined));
    if (cursor === undefined) return;
    const missed = buffer.since(workspaceId, cursor, nowMs);
    for (const message of missed ?? [resyncMessage(cursorAt(nowMs))]) sink.send(message);
    if (missed === undefined) metrics.resyncs.inc();
  };

  return {
    begin() {
      const nowMs = now();
      buffer.begin(nowMs);
      metrics.resyncs.inc(size);
      for (const { sinks } of channels.values()) for (const sink of sinks) sink.send(resyncMessage(cursorAt(nowMs)));
    },
    publish(event) {
      if (event.type !== "workspace.changed.v1") return;
      const message = changeMessage(event);
      const nowMs = now();
      if (!message || !buffer.add(event.workspaceid, message, event.id, nowMs)) return;
      const channel = channels.get(event.workspaceid);
      if (!channel) return;
      channel.lastMessageMs = nowMs;
      metrics.messages.inc(channel.sinks.size);
      for (const sink of channel.sinks) sink.send(message);
    },
    join(workspaceId, sink, cursor) {
      const channel = channelOf(workspaceId);
      channel.sinks.add(sink);
      size++;
      const leave = () => {
        if (!channel.sinks.delete(sink)) return;
        size--;
        if (channel.sinks.size === 0) channels.delete(workspaceId);
      };
      greet(workspaceId, sink, cursor);
      return leave;
    },
    heartbeat() {
      const nowMs = now();
      const plain = heartbeatMessage(undefined);
      // In a workspace that was quiet for the overlap, a cursor of now brings nothing twice and outlives the buffer's messages.
      const quiet = heartbeatMessage(cursorAt(nowMs));
      for (const { sinks, lastMessageMs } of channels.values()) {
        const message = nowMs - lastMessageMs > overlapMs ? quiet : plain;
        for (const sink of sinks) sink.send(message);
      }
    },
    get size() {
      return size;
    },
  };
}
