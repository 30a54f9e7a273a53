import { isatty } from "node:tty";
import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import { getPrettyFormatter } from "@logtape/pretty";
import { currentContext } from "./context.ts";
import { redactFields, redactText } from "./redact.ts";
import { createLineWriter } from "./writer.ts";

export type LogLevel = "debug" | "info" | "warning" | "error";
export type LogFormat = "json" | "pretty";
export type Fields = Readonly<Record<string, unknown>>;

/** `message` is a constant text, so that equal things are found together; what differs goes into `fields`, an error as `{ error }`. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export interface LogOptions {
  /** Named on every JSON line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Pretty on a terminal and JSON elsewhere, unless told. */
  readonly format?: LogFormat | undefined;
}

const stdout = 1;

/** Sends the log of the whole process to standard output. Until it is called, nothing is logged. */
export function setupLogging({ service, level, format }: LogOptions): void {
  const terminal = isatty(stdout);
  const pretty = format === undefined ? terminal : format === "pretty";
  const render = pretty ? prettyLine(terminal) : jsonLine(service);
  const writer = createLineWriter(stdout);
  process.once("exit", writer.close);
  configureSync({
    reset: true,
    sinks: { stdout: (record) => writer.write(render(record)) },
    loggers: [
      { category: [], lowestLevel: level, sinks: ["stdout"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["stdout"] },
    ],
  });
}

/** A log for one part of the program, such as `http` or `outbox`. */
export function getLog(category: string): Log {
  const logger = getLogger(category);
  return {
    debug: (message, fields) => logger.debug(message, { ...fields }),
    info: (message, fields) => logger.info(message, { ...fields }),
    warn: (message, fields) => logger.warn(message, { ...fields }),
    error: (message, fields) => logger.error(message, { ...fields }),
  };
}

/** One line: `time, level, service, category, message`, the ids of the context, then the fields. */
export function jsonLine(service: string): (record: LogRecord) => string {
  return (record) => {
    const line = {
      time: new Date(record.timestamp).toISOString(),
      level: record.level,
      service,
      category: record.category.join("."),
      message: redactText(String(record.rawMessage)),
      ...currentContext(),
      ...redactFields(record.properties),
    };
    return `${JSON.stringify(line)}\n`;
  };
}

/** For people: time, level, category, message, the fields as `key=value`, the stack of an error below. */
export function prettyLine(colors: boolean): (record: LogRecord) => string {
  const format = getPrettyFormatter({ timestamp: "time", icons: false, wordWrap: false, categoryWidth: 12, colors });
  return (record) => {
    const { request_id } = currentContext();
    const { error, ...fields } = redactFields({
      ...record.properties,
      ...(request_id === undefined ? {} : { request_id }),
    });
    const words = Object.entries(fields).map(
      ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    const stack = error === undefined ? "" : `\n${stackOf(error)}`;
    return format({
      ...record,
      message: [redactText(String(record.rawMessage)) + words.join("") + stack],
      properties: {},
    });
  };
}

/** Of an error as `redact` left it. */
function stackOf(error: unknown): string {
  return typeof error === "object" && error !== null && "stack" in error ? String(error.stack) : Bun.inspect(error);
}
