import { AsyncLocalStorage } from "node:async_hooks";

/** What every log line carries of the work it belongs to. */
export interface LogContext {
  readonly request_id?: string;
  /** W3C Trace Context: 32 and 16 lower-case hexadecimal digits. */
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly workspace_id?: string;
}

/** Where in which trace; `flags` is 1 when the trace is recorded. */
export interface TracePlace {
  readonly trace_id: string;
  readonly span_id: string;
  readonly flags: number;
}

interface Store {
  readonly fields: LogContext;
  readonly place?: TracePlace | undefined;
}

const storage = new AsyncLocalStorage<Store>();
const nothing: LogContext = Object.freeze({});

/** The ids of the work under way, across every `await` since `withContext`. */
export function currentContext(): LogContext {
  return storage.getStore()?.fields ?? nothing;
}

/** Runs `fn` with the fields added to the current context. */
export function withContext<T>(fields: LogContext, fn: () => T): T {
  const store = storage.getStore();
  return storage.run({ place: store?.place, fields: { ...store?.fields, ...fields } }, fn);
}

export function currentPlace(): TracePlace | undefined {
  return storage.getStore()?.place;
}

/** Runs `fn` at another place of a trace. */
export function withPlace<T>(place: TracePlace, fn: () => T): T {
  const { trace_id, span_id } = place;
  return storage.run({ place, fields: { ...storage.getStore()?.fields, trace_id, span_id } }, fn);
}
