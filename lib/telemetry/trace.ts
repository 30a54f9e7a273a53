import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { currentPlace, type TracePlace, withPlace } from "./context.ts";
import { getLog } from "./log.ts";
import { formatTraceparent, newTrace, parseTraceparent } from "./traceparent.ts";

export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type SpanKindName = "internal" | "server" | "client" | "producer" | "consumer";

/** What may be said of a span while it is open. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  rename(name: string): void;
}

export interface Tracing {
  readonly enabled: boolean;
  /** Makes no more spans and sends what is pending, for two seconds at most; never fails. */
  shutdown(): Promise<void>;
}

const kinds: Record<SpanKindName, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

const log = getLog("telemetry");
const lastMs = 2_000;
const silent: ActiveSpan = { set: () => undefined, rename: () => undefined };

/** One per process, like the log: absent when no collector is configured. */
let tracer: Tracer | undefined;

/**
 * Makes spans from now on when `endpoint`, the base URL of an OTLP/HTTP collector, is given. Headers, time-outs and
 * certificates for it are taken from the standard `OTEL_EXPORTER_OTLP_*` variables by the exporter itself.
 */
export function setupTracing({ endpoint, service }: { endpoint?: string | undefined; service: string }): Tracing {
  if (endpoint === undefined) return { enabled: false, shutdown: () => Promise.resolve() };
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  tracer = provider.getTracer("rondo");
  let ended: Promise<void> | undefined;
  return {
    enabled: true,
    shutdown: () => {
      tracer = undefined;
      ended ??= sendLast(provider);
      return ended;
    },
  };
}

async function sendLast(provider: TracerProvider): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, lastMs);
  const sent = provider.shutdown().catch((error: unknown) => log.warn("the last traces could not be sent", { error }));
  await Promise.race([sent, late]);
  clearTimeout(timer);
}

/** Runs `fn` in a span of the current trace. Without tracing it only calls `fn`. */
export function span<T>(
  name: string,
  attributes: Attributes,
  fn: (span: ActiveSpan) => T,
  kind: SpanKindName = "internal",
): T {
  return tracer === undefined ? fn(silent) : inSpan(tracer, currentPlace(), name, { attributes, kind }, fn);
}

/** The current place in the current trace, for a header or an event (W3C Trace Context section 3.2). */
export function currentTraceparent(): string | undefined {
  const place = currentPlace();
  return place && formatTraceparent(place);
}

/**
 * Runs `fn` in a span of the trace that a request or an event brings along, or of a new one when it brings none (or a wrong one).
 * Without tracing the ids flow all the same, so that the log lines of one trace can be found.
 */
export function continueTrace<T>(
  traceparent: string | undefined,
  name: string,
  fn: (span: ActiveSpan) => T,
  { kind = "consumer", attributes = {} }: { kind?: SpanKindName; attributes?: Attributes } = {},
): T {
  const parent = parseTraceparent(traceparent);
  if (tracer === undefined) return withPlace(parent ?? newTrace(), () => fn(silent));
  return inSpan(tracer, parent, name, { attributes, kind }, fn);
}

/**
 * Records, in the trace that an event brings along, the work that is under way for it and for others: a span that ends when `work` is
 * settled, however that is. Without tracing it does nothing.
 */
export function recordInTrace(
  traceparent: string | undefined,
  name: string,
  work: Promise<unknown>,
  { kind, attributes }: { kind: SpanKindName; attributes: Attributes },
): void {
  if (tracer === undefined) return;
  const recorded = inSpan(tracer, parseTraceparent(traceparent), name, { attributes, kind }, () => work);
  recorded.catch(() => undefined);
}

function inSpan<T>(
  by: Tracer,
  parent: TracePlace | undefined,
  name: string,
  { attributes, kind }: { attributes: Attributes; kind: SpanKindName },
  fn: (span: ActiveSpan) => T,
): T {
  const open = by.startSpan(name, { attributes, kind: kinds[kind] }, parent ? remote(parent) : ROOT_CONTEXT);
  const { traceId, spanId, traceFlags } = open.spanContext();
  const active: ActiveSpan = {
    set: (more) => void open.setAttributes(more),
    rename: (better) => void open.updateName(better),
  };
  return withPlace({ trace_id: traceId, span_id: spanId, flags: traceFlags }, () => endAfter(open, () => fn(active)));
}

function remote({ trace_id, span_id, flags }: TracePlace): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: trace_id, spanId: span_id, traceFlags: flags });
}

/** Ends the span when `fn` has answered, or when the promise that it answered is settled. */
function endAfter<T>(open: Span, fn: () => T): T {
  const fail = (error: unknown) => {
    open.setStatus({ code: SpanStatusCode.ERROR });
    open.setAttribute("error.type", error instanceof Error ? error.name : typeof error);
    open.end();
  };
  try {
    const result = fn();
    if (result instanceof Promise) result.then(() => open.end(), fail);
    else open.end();
    return result;
  } catch (error) {
    fail(error);
    throw error;
  }
}
