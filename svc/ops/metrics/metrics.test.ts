import { expect, test } from "bun:test";
import { join } from "node:path";
import { freePort } from "@rondo/scripts/engine";
import { describeWith, spawnProgram, waitFor } from "@rondo/testing";
import { openTestKafka, ops, send, testBrokers } from "../kafka.fixture.ts";
import { lagExporter } from "./exporter.ts";
import type { ConsumerLag } from "./lag.ts";

const main = join(import.meta.dir, "../main.ts");

async function startExporter(brokers: string) {
  const url = `http://127.0.0.1:${freePort()}`;
  const command = [process.execPath, main, "metrics", `--listen=${new URL(url).host}`, `--brokers=${brokers}`];
  const program = spawnProgram(command);
  await waitFor(() => fetch(`${url}/healthz`), { what: "the exporter" });
  return { program, ask: (path: string) => fetch(url + path) };
}

/** The lines of `rondo_bus_lag`, by group and topic. */
function lagsIn(text: string): Record<string, number> {
  const lines = text.matchAll(/^rondo_bus_lag\{topic="([^"]+)",group="([^"]+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, topic, group, lag]) => [`${group} ${topic}`, Number(lag)]));
}

describeWith("kafka", "rondo-ops metrics", () => {
  test("tells the lag of each consumer as it is now, and not that of the live signals", async () => {
    const brokers = await testBrokers();
    expect((await ops(`topics --brokers=${brokers}`)).code).toBe(0);
    const open = await openTestKafka();
    const { admin } = open;
    const [group, signals] = [`tester-${crypto.randomUUID()}`, `bc-${crypto.randomUUID()}`];
    const at = (offset: string) => [{ partition: 1, offset }];
    const low = (await admin.fetchTopicOffsets("reminders")).find(({ partition }) => partition === 1)?.high ?? "0";
    for (const groupId of [group, signals])
      await admin.setOffsets({ groupId, topic: "reminders", partitions: at(low) });
    const { program, ask } = await startExporter(brokers);
    await using _program = program;
    const lags = async () => lagsIn(await (await ask("/metrics")).text());

    const before = await lags();
    await send(
      open,
      "reminders",
      [1, 2, 3].map(() => ({ value: "x", partition: 1 })),
    );
    const after = await lags();
    expect((after[`${group} reminders`] ?? 0) - (before[`${group} reminders`] ?? 0)).toBe(3);
    // It has never consumed here, or long ago: still it is the one that must.
    expect(after).toHaveProperty(["audit task-events"]);
    expect(Object.keys(after).filter((name) => name.startsWith("bc-"))).toEqual([]);

    await admin.deleteGroups([group, signals]);
    expect(await lags()).not.toHaveProperty([`${group} reminders`]);
    expect((await ask("/readyz")).status).toBe(200);
    await open.close();
    program.kill("SIGTERM");
    await program.expectExit(0);
  });
});

test("without Kafka there is no lag to read, nor an old one, and it says that it is not ready", async () => {
  const { program, ask } = await startExporter("127.0.0.1:1");
  await using _program = program;
  const answer = await ask("/metrics");
  expect(answer.status).toBe(200);
  expect(lagsIn(await answer.text())).toEqual({});
  expect((await ask("/readyz")).status).toBe(503);
});

test("whoever asks at the same time gets the same reading, and the next one another", async () => {
  let readings = 0;
  const reading = Promise.withResolvers<readonly ConsumerLag[]>();
  const app = lagExporter(async () => {
    readings += 1;
    return await reading.promise;
  });
  const ask = async () => await (await app.fetch(new Request("http://127.0.0.1/metrics"))).text();
  const both = [ask(), ask()];
  reading.resolve([{ group: "audit", topic: "task-events", lag: 7 }]);
  for (const text of await Promise.all(both)) expect(lagsIn(text)).toEqual({ "audit task-events": 7 });
  expect(readings).toBe(1);
  await ask();
  expect(readings).toBe(2);
});

test("an address that is none is refused", async () => {
  const { code, complaint } = await ops("metrics --listen=9464 --brokers=127.0.0.1:1");
  expect({ code, complaint }).toEqual({ code: 2, complaint: expect.stringContaining("--listen must be host:port") });
});
