import { type AppEnv, keepOpen } from "@rondo/http";
import type { Context } from "hono";
import type { Viewer, Viewers } from "./viewers.ts";

/** Bytes that may wait unread in this process for one viewer. The operating system keeps some more outside of it. */
export const longestQueue = 256 * 1024;
/** The rest of a closed stream is still offered to its reader; one that reads nothing is disconnected after this. */
const lastReadSeconds = 2;

/** Answers with Server-Sent Events (HTML Standard section 9.2). @throws Problem when a limit is reached */
export function answerEventStream(c: Context<AppEnv>, viewers: Viewers, viewer: Viewer): Response {
  let leave: (() => void) | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        leave = viewers.open(viewer, {
          transport: "sse",
          write(message) {
            controller.enqueue(message.sse);
            return (controller.desiredSize ?? 0) >= 0;
          },
          close() {
            controller.close();
            c.env?.server?.timeout(c.req.raw, lastReadSeconds);
          },
        });
      },
      cancel: () => leave?.(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: longestQueue }),
  );
  keepOpen(c);
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Not `no-store`, which would cost the page its place in the back-forward cache.
      "cache-control": "no-cache",
      // Asks proxies not to hold messages back.
      "x-accel-buffering": "no",
    },
  });
}
