import { afterAll, beforeAll, expect, test } from "bun:test";
import { encodeCursor } from "@rondo/http";
import { newId } from "@rondo/testing";
import fc from "fast-check";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";

let audit: AuditFixture;
beforeAll(async () => {
  audit = await createAuditFixture();
});
afterAll(() => audit.close());

const digits = (most: number, length = 2) => fc.nat(most).map((value) => String(value).padStart(length, "0"));
const offset = fc.tuple(fc.constantFrom("+", "-"), digits(25), digits(61)).map(([sign, h, m]) => `${sign}${h}:${m}`);
const year = fc.oneof(fc.constantFrom("0000", "0001", "9999"), digits(9_999, 4));
const fraction = fc.constantFrom("", ".000", ".123456");

/** Nearly right texts: each field a little beyond what it may be. */
const nearlyMoment = fc
  .tuple(year, digits(13), digits(32), digits(25), digits(61), fraction, fc.oneof(fc.constant("Z"), offset))
  .map(([y, month, day, hour, minute, part, zone]) => `${y}-${month}-${day}T${hour}:${minute}:59${part}${zone}`);

test.each([
  ["from", "2026-01-31T00:00:00-18:04"],
  ["from", "2026-01-31T00:00:00+23:59"],
  ["to", "0001-01-01T00:00:00Z"],
  ["to", "9999-12-31T23:59:60Z"],
])("%s=%s is taken", async (name, moment) => {
  expect((await audit.caller().get({ [name]: moment })).status).toBe(200);
});

test.each(["0000-06-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])(
  "%s is refused, with the field named",
  async (moment) => {
    const answer = await audit.caller().problem({ from: moment, to: moment });
    expect(answer).toEqual({ status: 422, pointers: ["query:from", "query:to"] });
  },
);

test("a moment in the query or in a cursor, whatever its digits, is answered or refused by its name", async () => {
  const me = audit.caller();
  const scope = JSON.stringify({ workspace_id: me.principal.workspace_id });
  const answerTo = async (name: string, value: string) => {
    const { status } = await me.get({ [name]: value });
    if (status !== 200)
      expect(await me.problem({ [name]: value })).toEqual({ status: 422, pointers: [`query:${name}`] });
  };
  await fc.assert(
    fc.asyncProperty(nearlyMoment, async (moment) => {
      for (const name of ["from", "to"]) await answerTo(name, moment);
      await answerTo("cursor", encodeCursor(scope, { key: moment, id: newId() }));
    }),
    { numRuns: 200 },
  );
});
