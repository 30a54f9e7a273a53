import { expect, test } from "bun:test";
import { decodeCursor, encodeCursor } from "./cursor.ts";

const place = { key: "a0", id: "0192f8a0-0000-7000-8000-000000000000" };
const anyKey = () => true;

test("a cursor leads back to its place, in its own list only", () => {
  const cursor = encodeCursor("workspace 1, open, by position", place);
  expect(decodeCursor("workspace 1, open, by position", cursor, anyKey)).toEqual(place);
  expect(() => decodeCursor("workspace 2, open, by position", cursor, anyKey)).toThrow("does not belong to this list");
  expect(() => decodeCursor("workspace 1, open, by position", cursor, () => false)).toThrow("does not belong");
});

test("what is no cursor is refused with its parameter", () => {
  const sealless = Buffer.from(JSON.stringify([place.key, place.id, "x"])).toString("base64url");
  for (const cursor of ["", "x", "%00", "bnVsbA", "e30", "WzFd", sealless]) {
    expect(() => decodeCursor("list", cursor, anyKey)).toThrow(
      expect.objectContaining({ kind: "invalid", errors: [expect.objectContaining({ pointer: "query:cursor" })] }),
    );
  }
});
