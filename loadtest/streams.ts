import { parseArgs } from "node:util";
import type { Socket } from "bun";
import { Latency } from "./latency.ts";

export interface StreamsTarget {
  /** The site's origin, by http. */
  readonly url: string;
  /** One token, or several that are used in turn. */
  readonly tokens: readonly string[];
  readonly streams: number;
}

export interface StreamsFigures {
  /** Open from the beginning to the end. */
  readonly held: number;
  /** Refused, or closed by the server before the end. */
  readonly lost: number;
  readonly messages: number;
  readonly resyncs: number;
  /** From the making of an event (the moment in its id) to its arrival here, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
}

export interface HeldStreams {
  /** Counts from now on: the figures so far are forgotten. */
  reset(): void;
  figures(): StreamsFigures;
  close(): void;
}

/** How many streams are being opened at a time. */
const atOnce = 50;
const handshakeMs = 10_000;

/**
 * Opens so many Server-Sent Events streams and reads them over bare sockets: a client that shares two cores with the server
 * must cost little. Streams that cannot be opened count as lost.
 */
export async function holdStreams({ url, tokens, streams }: StreamsTarget): Promise<HeldStreams> {
  const open = new Set<Socket<StreamState>>();
  let counts = { latency: new Latency(), resyncs: 0 };
  const arrived = (id: string, name: string): void => {
    if (name === "resync") counts.resyncs++;
    else counts.latency.add(performance.timeOrigin + performance.now() - momentOf(id));
  };
  for (let from = 0; from < streams; from += atOnce) {
    const batch = Array.from(
      { length: Math.min(atOnce, streams - from) },
      (_, index) => (from + index) % tokens.length,
    );
    await Promise.all(batch.map((token) => openStream(new URL(url), tokens[token] ?? "", open, arrived)));
  }
  return {
    reset() {
      counts = { latency: new Latency(), resyncs: 0 };
    },
    figures() {
      const { latency, resyncs } = counts;
      return {
        held: open.size,
        lost: streams - open.size,
        messages: latency.count,
        resyncs,
        p50: latency.quantile(0.5),
        p95: latency.quantile(0.95),
        p99: latency.quantile(0.99),
        longest: Math.round(latency.longestMs * 10) / 10,
      };
    },
    close() {
      for (const socket of open) socket.end();
    },
  };
}

interface StreamState {
  /** What may be the beginning of a message. */
  rest: string;
  /** The header of the answer, which may come in several packets, is complete. */
  isAnswered: boolean;
  readonly answered: (ok: boolean) => void;
}

const message = /id: ([0-9a-f-]{36})\nevent: ([a-z_]+)\n/g;
/** Longer than what `message` matches, so that nothing is lost where two packets meet. */
const restLength = 96;

async function openStream(
  { hostname, port, host }: URL,
  token: string,
  open: Set<Socket<StreamState>>,
  arrived: (id: string, name: string) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), handshakeMs);
  const lines = ["GET /sync/events HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${token}`];
  const socket = await Bun.connect<StreamState>({
    hostname,
    port: Number(port || 80),
    data: { rest: "", isAnswered: false, answered: resolve },
    socket: {
      open: (opened) => void opened.write(`${lines.join("\r\n")}\r\n\r\n`),
      data(from, chunk) {
        const text = from.data.rest + chunk.toString("latin1");
        if (!from.data.isAnswered) {
          from.data.rest = text;
          if (!text.includes("\r\n\r\n")) return;
          from.data.isAnswered = true;
          from.data.answered(text.startsWith("HTTP/1.1 200"));
        }
        let end = 0;
        for (const match of text.matchAll(message)) {
          end = match.index + match[0].length;
          arrived(match[1] ?? "", match[2] ?? "");
        }
        from.data.rest = text.slice(Math.max(end, text.length - restLength));
      },
      close(closed) {
        open.delete(closed);
        closed.data.answered(false);
      },
    },
  }).catch(() => undefined);
  const answered = socket !== undefined && (await promise);
  clearTimeout(timer);
  if (answered) open.add(socket);
  else socket?.end();
}

/** The moment in a UUIDv7, in milliseconds since the epoch (RFC 9562 section 5.7). */
function momentOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Says `{"held":…}` once the streams are open, and the figures at the end: after `--seconds`, or when told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "http://127.0.0.1:3000" },
      token: { type: "string", multiple: true, default: [] },
      streams: { type: "string", default: "1000" },
      seconds: { type: "string", default: "30" },
    },
  });
  const held = await holdStreams({ url: values.url, tokens: values.token, streams: Number(values.streams) });
  process.stdout.write(`${JSON.stringify({ held: held.figures().held })}\n`);
  held.reset();
  const told = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => told.resolve());
  await Promise.race([told.promise, Bun.sleep(Number(values.seconds) * 1_000)]);
  process.stdout.write(`${JSON.stringify(held.figures())}\n`);
  held.close();
  process.exit(0);
}

if (import.meta.main) await main();
