import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { freshTopic, openTestKafka, send } from "../kafka.fixture.ts";
import type { OpenKafka } from "./connect.ts";
import { type LogRecord, readToEnd } from "./read_to_end.ts";

describeWith("kafka", "reading topics to their end", () => {
  let open: OpenKafka;
  beforeAll(async () => {
    open = await openTestKafka();
  });
  afterAll(() => open.close());

  const read = async (...topics: string[]) => {
    const records: LogRecord[] = [];
    const spans = await readToEnd(open, topics, (record) => void records.push(record));
    return { spans, values: records.map(({ value }) => value?.toString() ?? null), records };
  };
  const readers = async () => {
    const { groups } = await open.admin.listGroups();
    return groups.filter(({ groupId }) => groupId.startsWith("rondo-ops-"));
  };

  test("everything of several topics is read, each partition in its order, and no group is left behind", async () => {
    const topics = [await freshTopic(open), await freshTopic(open)];
    for (const topic of topics) {
      const messages = Array.from({ length: 500 }, (_, n) => ({ partition: n % 3, value: `${topic} ${n}` }));
      await send(open, topic, messages);
    }
    const { values, records } = await read(...topics);
    expect(new Set(values).size).toBe(1_000);
    const ofOne = records.filter(({ topic, partition }) => topic === topics[0] && partition === 1);
    expect(ofOne.map(({ offset }) => offset)).toEqual(Array.from({ length: ofOne.length }, (_, n) => n));
    expect(await readers()).toEqual([]);
  });

  test("it ends although partitions are empty, or were emptied, and starts behind what was cut off", async () => {
    const topic = await freshTopic(open);
    expect((await read(topic)).values).toEqual([]);
    await send(open, topic, [
      { partition: 1, value: "a" },
      { partition: 1, value: "b" },
      { partition: 2, value: "c" },
    ]);
    expect((await read(topic)).values.sort()).toEqual(["a", "b", "c"]);
    const cut = (partition: number, offset: string) =>
      open.admin.deleteTopicRecords({ topic, partitions: [{ partition, offset }] });
    await cut(1, "1");
    await cut(2, "1");
    const { values, spans } = await read(topic);
    expect(values).toEqual(["b"]);
    expect(spans.map(({ low, high }) => [low, high])).toEqual([
      [0, 0],
      [1, 2],
      [1, 1],
    ]);
    await cut(1, "2");
    expect((await read(topic)).values).toEqual([]);
  });

  test("what comes while it reads is not read, and a topic that does not exist has nothing", async () => {
    const topic = await freshTopic(open);
    await send(open, topic, [{ partition: 0, value: "before" }]);
    const seen: (string | undefined)[] = [];
    let sent: Promise<void> | undefined;
    await readToEnd(open, [topic, "no-such-topic"], ({ value }) => {
      seen.push(value?.toString());
      sent ??= send(open, topic, [{ partition: 0, value: "meanwhile" }]);
    });
    await sent;
    expect(seen).toEqual(["before"]);
    expect(await open.admin.listTopics()).not.toContain("no-such-topic");
  });

  test("a deadline ends it with a reason, and the group is gone all the same", async () => {
    const topic = await freshTopic(open);
    await send(open, topic, [{ partition: 0, value: "x" }]);
    const reading = readToEnd(open, [topic], () => undefined, { deadlineMs: 1 });
    expect(reading).rejects.toThrow(`${topic} could not be read: not at the end after 1 ms`);
    await reading.catch(() => undefined);
    expect(await readers()).toEqual([]);
  });

  test("what the reader of records throws is passed on", async () => {
    const topic = await freshTopic(open);
    await send(open, topic, [{ partition: 0, value: "x" }]);
    const reading = readToEnd(open, [topic], () => {
      throw new Error("no more");
    });
    expect(reading).rejects.toThrow("no more");
    await reading.catch(() => undefined);
  });
});
