import { Counter, Gauge, Histogram, type Metric, Registry } from "prom-client";

/** From half a millisecond to ten seconds. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Collect<L extends string> = (gauge: Gauge<L>) => void | Promise<void>;

/** The metrics of one process. Asking again for a name answers the same metric, so that services in one process share it. */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** `collect` sets the gauge when it is looked at; each call adds one. */
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[], collect?: Collect<L>): Gauge<L>;
  /** Buckets are upper bounds, in the unit of the name; for a duration in seconds there are standard ones. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
  /** The Prometheus text format, of type `contentType`. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** An empty registry of its own, with the process's memory, processor time and start beside what is added. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const collects: (() => void | Promise<void>)[] = [];

  function once<M extends Metric>(name: string, type: abstract new (...args: never[]) => M, make: () => M): M {
    const existing = registry.getSingleMetric(name);
    if (existing === undefined) return make();
    if (existing instanceof type) return existing;
    throw new Error(`the metric ${name} is of another type elsewhere`);
  }

  const metrics: Metrics = {
    contentType: registry.contentType,
    counter: (name, help, labels = []) =>
      once(name, Counter, () => new Counter({ name, help, labelNames: labels, registers })),
    gauge: (name, help, labels = [], collect) => {
      const gauge = once(name, Gauge, () => new Gauge({ name, help, labelNames: labels, registers }));
      if (collect !== undefined) collects.push(() => collect(gauge));
      return gauge;
    },
    histogram: (name, help, labels = [], buckets = durationBuckets) =>
      once(name, Histogram, () => new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers })),
    async render() {
      await Promise.all(collects.map((collect) => collect()));
      return registry.metrics();
    },
  };
  addProcessMetrics(metrics);
  return metrics;
}

function addProcessMetrics(metrics: Metrics): void {
  const started = Date.now() / 1000 - process.uptime();
  metrics.gauge("process_start_time_seconds", "When the process began, in Unix time.").set(started);
  metrics.gauge("process_resident_memory_bytes", "Resident memory.", [], (gauge) =>
    gauge.set(process.memoryUsage.rss()),
  );
  metrics.gauge("process_cpu_seconds_total", "Processor time, user and system.", [], (gauge) => {
    const { user, system } = process.cpuUsage();
    gauge.set((user + system) / 1e6);
  });
}
