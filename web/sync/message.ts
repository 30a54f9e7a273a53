import type { CloudEvent } from "@rondo/event";

/** One message to viewers, encoded once for however many streams carry it. */
export interface Message {
  /** The cursor up to which its receiver has seen everything; undefined when the message moves no cursor. */
  readonly id: string | undefined;
  /** As Server-Sent Events (HTML Standard section 9.2.6). */
  readonly sse: Uint8Array;
  /** As one WebSocket text message, `{"id","event","data"}`; made when the first WebSocket needs it. */
  readonly json: () => string;
}

/** What a viewer needs in order to get the thing again. Never content: that stays behind the api's own checks. */
interface Change {
  readonly type: string;
  readonly id: string;
  readonly project_id: string | null;
  readonly version: number;
}

const encoder = new TextEncoder();
/** Event names become lines of the stream, so nothing else may pass. */
const plainName = /^[a-z][a-z_]{0,31}$/;

/** The message of a slim event of `task-updates`; undefined for a kind whose name could break the stream's lines. */
export function changeMessage(event: CloudEvent<"workspace.changed.v1">): Message | undefined {
  const { kind, type, id, project_id, version } = event.data;
  if (!plainName.test(kind)) return undefined;
  const change: Change = { type, id, project_id, version };
  return createMessage(event.id, kind, JSON.stringify(change));
}

/** Says that messages may have been missed: everything shown is to be fetched again. */
export function resyncMessage(cursor: string): Message {
  return createMessage(cursor, "resync", "{}");
}

/**
 * Begins a stream: how soon to come back when it breaks, and the cursor to come back with. Half a second to one and a half,
 * by chance: thousands of viewers of a process that ended do not all come at once.
 */
export function openingMessage(cursor: string | undefined): Message {
  return quietMessage("hello", `retry: ${500 + Math.floor(Math.random() * 1_000)}\n: hello\n`, cursor);
}

/** Keeps the connection alive, and with a cursor also lets an idle viewer come back without a resync. */
export function heartbeatMessage(cursor: string | undefined): Message {
  return quietMessage("heartbeat", ": heartbeat\n", cursor);
}

function createMessage(id: string, name: string, data: string): Message {
  let json: string | undefined;
  return {
    id,
    sse: encoder.encode(`id: ${id}\nevent: ${name}\ndata: ${data}\n\n`),
    json: () => {
      json ??= `{"id":"${id}","event":"${name}","data":${data}}`;
      return json;
    },
  };
}

/** Without data an EventSource dispatches nothing, but takes the id over all the same (HTML Standard section 9.2.6). */
function quietMessage(name: string, lines: string, id: string | undefined): Message {
  const sse = encoder.encode(`${lines}${id === undefined ? "" : `id: ${id}\n`}\n`);
  return { id, sse, json: () => JSON.stringify({ id, event: name, data: {} }) };
}
