export { currentContext, type LogContext, withContext } from "./context.ts";
export { type Fields, getLog, type Log, type LogFormat, type LogLevel, setupLogging } from "./log.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export {
  type ActiveSpan,
  type Attributes,
  continueTrace,
  currentTraceparent,
  recordInTrace,
  type SpanKindName,
  setupTracing,
  span,
  type Tracing,
} from "./trace.ts";
