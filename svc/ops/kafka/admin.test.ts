import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type DeadLetterRecord, encodeDeadLetter } from "@rondo/bus/dead_letter_record";
import { describeWith } from "@rondo/testing";
import { freshTopic, openTestKafka, type Sent, send } from "../kafka.fixture.ts";
import type { OpenKafka } from "./connect.ts";
import { type Kept, type KeptLetter, readKept } from "./dead_letters.ts";
import { partitionOfKey } from "./partition.ts";
import { type LogRecord, readToEnd } from "./read_to_end.ts";
import { dropLetters, isReplayable, replayLetters } from "./settle.ts";
import { spansOf } from "./spans.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 8, 0, second)).toISOString();

function letter(key: string, event: unknown, more: Partial<DeadLetterRecord> = {}): Sent {
  const original = typeof event === "string" ? event : JSON.stringify(event);
  const about = { group: "audit", reason: "the reason", tries: 3, first_failed_at: at(1), last_failed_at: at(2) };
  const value = encodeDeadLetter(Bun.randomUUIDv7(), { ...about, ...more, original: Buffer.from(original) });
  return { key, value, partition: partitionOfKey(Buffer.from(key), 3) };
}

describeWith("kafka", "dead letters in Kafka", () => {
  let open: OpenKafka;
  let topic: string;
  beforeAll(async () => {
    open = await openTestKafka();
  });
  beforeEach(async () => {
    topic = await freshTopic(open);
    await freshTopic(open, `${topic}-dead`);
  });
  afterAll(() => open.close());

  const die = (...letters: Sent[]) => send(open, `${topic}-dead`, letters);
  const kept = (wanted: (letter: KeptLetter) => boolean = () => true) => readKept(open, [topic], wanted);
  const change = async (work: typeof dropLetters, choose: (letter: KeptLetter, at: number) => boolean) => {
    const all: Kept = await kept();
    return await work(open, all, all.letters.filter(choose));
  };
  const published = async () => {
    const records: LogRecord[] = [];
    await readToEnd(open, [topic], (record) => void records.push(record));
    return records;
  };

  test("they are listed oldest first, with all that is known of them", async () => {
    for (const key of ["a", "b", "c", "d"]) await die(letter(key, { id: key }, { group: `group-${key}` }));
    const { letters } = await kept();
    expect(letters.map(({ key }) => key?.toString())).toEqual(["a", "b", "c", "d"]);
    expect(letters[0]).toMatchObject({
      id: `${topic}-dead:${partitionOfKey(Buffer.from("a"), 3)}:0`,
      topic,
      group: "group-a",
      reason: "the reason",
      tries: 3,
      first_failed_at: at(1),
      last_failed_at: at(2),
    });
  });

  test("what the engine itself put aside is listed too, for nobody in particular", async () => {
    await die(
      { key: "a", value: "garbage" },
      { key: null, value: null },
      { key: "b", value: '{"id":1,"rondogroup":"audit"}' },
    );
    const { letters } = await kept();
    expect(letters.map(({ group }) => group).sort()).toEqual(["audit", undefined, undefined]);
    for (const each of letters)
      expect(each).toMatchObject({ tries: 0, reason: expect.stringContaining("engine itself") });
    expect(letters.filter(isReplayable)).toHaveLength(1);
  });

  test("one that is replayed is published for its group, under its key, on the partition of the key, and is listed no more", async () => {
    const keys = Array.from({ length: 30 }, (_, n) => `key-${n}`);
    await die(...keys.map((key) => letter(key, { id: key, nested: { text: "ž" } })));
    expect(await change(replayLetters, ({ key }) => key?.toString() !== "key-7")).toBe(29);
    const records = await published();
    expect(records).toHaveLength(29);
    for (const { key, value, partition } of records) {
      const name = key?.toString() ?? "";
      expect(partition).toBe(partitionOfKey(Buffer.from(name), 3));
      expect(JSON.parse(value?.toString() ?? "")).toEqual({ id: name, nested: { text: "ž" }, rondogroup: "audit" });
    }
    expect((await kept()).letters.map(({ key }) => key?.toString())).toEqual(["key-7"]);
  });

  test("those of one key are replayed in their order", async () => {
    for (let version = 1; version <= 20; version += 1) await die(letter("k", { version }));
    await change(replayLetters, () => true);
    const versions = (await published()).map(({ value }) => JSON.parse(value?.toString() ?? "").version);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  test("one of an unknown group is replayed as it was", async () => {
    await die({ key: "k", value: '{ "id": 1 }', partition: 0 });
    expect(await change(replayLetters, () => true)).toBe(1);
    expect((await published()).map(({ value }) => value?.toString())).toEqual(['{ "id": 1 }']);
  });

  test("what is no whole event stays", async () => {
    await die(letter("k", "garbage"), letter("k", "7"), letter("k", { big: "x".repeat(1_045_000) }));
    expect((await kept()).letters.map(({ cut }) => cut)).toEqual([false, false, true]);
    expect(await change(replayLetters, () => true)).toBe(0);
    expect((await kept()).letters).toHaveLength(3);
    expect(await published()).toEqual([]);
  });

  test("the largest events are replayed, many at once", async () => {
    await die(letter("k", { big: "x".repeat(999_000) }));
    await die(letter("k", { big: "y".repeat(999_000) }));
    expect(await change(replayLetters, () => true)).toBe(2);
    expect((await published()).map(({ value }) => value?.length ?? 0)).toEqual([999_031, 999_031]);
  });

  test("what was settled in front is cut off, what is kept behind it is not", async () => {
    for (let n = 0; n < 6; n += 1) await die({ ...letter("k", { n }), partition: 0 });
    expect(await change(dropLetters, (_, place) => place === 1 || place === 3)).toBe(2);
    expect(await spansOf(open.admin, [`${topic}-dead`])).toMatchObject([{ low: 0, high: 8 }, { high: 0 }, { high: 0 }]);
    expect(await change(dropLetters, ({ original }) => Buffer.from(original).includes(":0"))).toBe(1);
    expect(await spansOf(open.admin, [`${topic}-dead`])).toMatchObject([{ low: 2, high: 9 }, { high: 0 }, { high: 0 }]);
    expect((await kept()).letters.map(({ place }) => place.offset)).toEqual([2, 4, 5]);
    expect(await change(dropLetters, () => true)).toBe(3);
    const [span] = await spansOf(open.admin, [`${topic}-dead`]);
    expect(span).toMatchObject({ low: 9, high: 12 });
    expect((await kept()).letters).toEqual([]);
  });

  test("one that was not asked for is not cut off either", async () => {
    await die(
      { ...letter("k", { n: 0 }, { group: "other" }), partition: 0 },
      { ...letter("k", { n: 1 }), partition: 0 },
    );
    const some = await kept(({ group }) => group === "audit");
    expect(some.letters).toHaveLength(1);
    await dropLetters(open, some, some.letters);
    expect((await kept()).letters).toMatchObject([{ group: "other" }]);
  });
});
