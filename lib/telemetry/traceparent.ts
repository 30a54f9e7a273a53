import type { TracePlace } from "./context.ts";

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` header: W3C Trace Context sections 3.2 and 4.3. A later version is read as far as this one goes.
 * Answers undefined for anything that is not one: the trace then starts here.
 */
export function parseTraceparent(header: string | undefined): TracePlace | undefined {
  const [, version, trace_id, span_id, flags, more] = shape.exec(header ?? "") ?? [];
  if (trace_id === undefined || span_id === undefined || flags === undefined) return undefined;
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(trace_id) || /^0+$/.test(span_id)) return undefined;
  return { trace_id, span_id, flags: Number.parseInt(flags, 16) & 1 };
}

export function formatTraceparent({ trace_id, span_id, flags }: TracePlace): string {
  return `00-${trace_id}-${span_id}-0${flags}`;
}

/** The start of a trace that nobody records. */
export function newTrace(): TracePlace {
  const digits = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("hex");
  return { trace_id: digits.slice(0, 32), span_id: digits.slice(32), flags: 0 };
}
