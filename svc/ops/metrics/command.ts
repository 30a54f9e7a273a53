import { logGroup, text, type Variable } from "@rondo/config";
import { command } from "../cli/command.ts";
import { fromEnvironment, option, type ValuesOf } from "../cli/option.ts";
import { kafkaOptions, kafkaOptionsFrom } from "../kafka/options.ts";
import type { ConsumerLag } from "./lag.ts";

/** For each request to Kafka: a scraper waits for ten seconds in all. */
const kafkaTimeoutMs = 2_000;

interface Address {
  readonly host: string;
  readonly port: number;
}

const listen: Variable<Address> = {
  ...text({
    name: "--listen",
    description: "Where to serve them, as http://HOST:PORT/metrics.",
    example: "0.0.0.0:9464",
    default: "127.0.0.1:9464",
  }),
  parse: (raw) => {
    const [, host = "", port = ""] = /^\[?([^\s[\]]+)\]?:(\d{1,5})$/.exec(raw) ?? [];
    if (host === "" || Number(port) > 65_535) throw new Error("must be host:port");
    return { host, port: Number(port) };
  },
};

const options = {
  listen: option(listen),
  logLevel: fromEnvironment(logGroup.logLevel),
  logFormat: fromEnvironment(logGroup.logFormat),
  ...kafkaOptions,
};

export const metricsCommand = command({
  name: "metrics",
  summary: "serves to Prometheus how far consumers are behind",
  about:
    "serves to Prometheus how far consumers are behind: rondo_bus_lag, by topic and group, until it is told to end.\n\n" +
    "On Kafka no service knows it of itself: run one of these beside them. Kafka is asked at every request; /readyz tells\n" +
    "whether it answers, and without it there is no lag to read.",
  options,
  run: serveMetrics,
});

type Values = ValuesOf<typeof options>;

/** A connection for each reading: it costs 10 ms, and there is none to keep alive or to mend. */
async function readLags(values: Values): Promise<readonly ConsumerLag[]> {
  const [{ openKafka }, { consumerLags }] = await Promise.all([import("../kafka/connect.ts"), import("./lag.ts")]);
  const open = await openKafka({ ...kafkaOptionsFrom(values), timeoutMs: kafkaTimeoutMs });
  try {
    return await consumerLags(open.admin);
  } finally {
    await open.close();
  }
}

/** Ends the process when it is told to. @throws UsageError, and ListenError when the port is taken */
async function serveMetrics(values: Values): Promise<never> {
  const { host, port } = values.listen;
  kafkaOptionsFrom(values);
  const [{ listen, runUntilSignal }, { getLog, setupLogging }, { lagExporter }] = await Promise.all([
    import("@rondo/http"),
    import("@rondo/telemetry"),
    import("./exporter.ts"),
  ]);
  setupLogging({ service: "ops", level: values.logLevel, format: values.logFormat });
  const app = lagExporter(() => readLags(values));
  const server = listen(host, port, () => Bun.serve({ hostname: host, port, fetch: (request) => app.fetch(request) }));
  getLog("ops").info("listening", { url: server.url.href });
  return await runUntilSignal(() => server.stop(true));
}
