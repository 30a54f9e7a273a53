import { expect, test } from "bun:test";
import { createStreams } from "./streams.ts";

test("closing closes each open stream once, and none that has closed by itself", () => {
  const streams = createStreams();
  const closed: string[] = [];
  streams.add(() => closed.push("a"));
  const forget = streams.add(() => closed.push("b"));
  streams.add(() => closed.push("c"));
  expect(streams.size).toBe(3);
  forget();
  streams.closeAll();
  streams.closeAll();
  expect(closed).toEqual(["a", "c"]);
  expect(streams.size).toBe(0);
});

test("a stream that opens during the drain is closed too", async () => {
  const streams = createStreams();
  streams.closeAll();
  const closed = Promise.withResolvers<void>();
  streams.add(closed.resolve);
  await closed.promise;
  expect(streams.size).toBe(0);
});

test("one stream that fails to close does not keep the others open", () => {
  const streams = createStreams();
  let closed = false;
  streams.add(() => {
    throw new Error("already closed");
  });
  streams.add(() => {
    closed = true;
  });
  expect(() => streams.closeAll()).toThrow(AggregateError);
  expect(closed).toBe(true);
});
