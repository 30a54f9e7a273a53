import { describe, expect, test } from "bun:test";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  test("counters, gauges and histograms are rendered in the Prometheus text format", async () => {
    const metrics = createMetrics();
    metrics.counter("rondo_a_total", "As.", ["kind"]).inc({ kind: "x" }, 2);
    metrics.gauge("rondo_b", "Bs.", [], (gauge) => gauge.set(7));
    metrics.histogram("rondo_c_seconds", "Cs.", ["route"], [0.1, 1]).observe({ route: "/" }, 0.5);
    const text = await metrics.render();
    expect(metrics.contentType).toStartWith("text/plain; version=0.0.4");
    for (const line of ['rondo_a_total{kind="x"} 2', "rondo_b 7", 'rondo_c_seconds_bucket{le="1",route="/"} 1']) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/process_resident_memory_bytes [1-9]/);
  });

  test("a name that is asked for twice is one metric, and every collector is asked", async () => {
    const metrics = createMetrics();
    for (const pool of ["a", "b"]) metrics.gauge("rondo_pool", "Pool.", ["pool"], (gauge) => gauge.set({ pool }, 1));
    expect(metrics.counter("rondo_x_total", "X.")).toBe(metrics.counter("rondo_x_total", "X."));
    expect(await metrics.render()).toContain('rondo_pool{pool="a"} 1\nrondo_pool{pool="b"} 1\n');
    expect(() => metrics.gauge("rondo_x_total", "X.")).toThrow("of another type");
  });

  test("two registries have nothing in common", async () => {
    createMetrics().counter("rondo_x_total", "X.").inc();
    expect(await createMetrics().render()).not.toContain("rondo_x_total");
  });
});
