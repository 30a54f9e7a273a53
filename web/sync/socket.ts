import type { AppEnv } from "@rondo/http";
import { Problem } from "@rondo/problem";
import type { ServerWebSocket, WebSocketHandler } from "bun";
import type { Context } from "hono";
import { longestQueue } from "./event_stream.ts";
import type { Ending, Viewer, Viewers } from "./viewers.ts";

/** What a WebSocket carries from its handshake to its handlers. */
export interface SocketData {
  readonly open: (socket: ServerWebSocket<SocketData>) => void;
  leave?: () => void;
}

/** Close codes: RFC 6455 section 7.4.1 and the IANA registry ("Service Restart", "Try Again Later"). */
const closeCodes: Record<Exclude<Ending, "slow">, number> = { refused: 1008, drain: 1012 };
const tryAgainLater = 1013;

/**
 * Bun's handlers for the server that the app is served by. Viewers only listen: what they send is read and forgotten, and more
 * than 1 KiB at once ends the connection.
 */
export const websocket: WebSocketHandler<SocketData> = {
  open: (socket) => socket.data.open(socket),
  message() {
    // Nothing that a viewer says changes what it is sent.
  },
  close: (socket) => socket.data.leave?.(),
  maxPayloadLength: 1024,
  idleTimeout: 60,
  sendPings: true,
};

/** Turns the request into a WebSocket. @throws Problem `malformed` when it does not ask for one */
export function answerWebSocket(c: Context<AppEnv>, viewers: Viewers, viewer: Viewer): Response {
  const data: SocketData = { open: (socket) => join(socket, viewers, viewer) };
  if (!c.env?.server?.upgrade(c.req.raw, { data }))
    throw new Problem("malformed", "This address speaks WebSocket only.");
  return new Response(null);
}

function join(socket: ServerWebSocket<SocketData>, viewers: Viewers, viewer: Viewer): void {
  try {
    socket.data.leave = viewers.open(viewer, {
      transport: "websocket",
      write(message) {
        socket.sendText(message.json());
        return socket.getBufferedAmount() <= longestQueue;
      },
      close(why) {
        if (why === "slow") socket.terminate();
        else socket.close(closeCodes[why]);
      },
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    socket.close(tryAgainLater, error.detail);
  }
}
