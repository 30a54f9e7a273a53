import { expect, test } from "bun:test";
import { Hono } from "hono";
import { etag, ifMatch, isKnown, noVersion } from "./preconditions.ts";

async function versionOf(header: string | undefined): Promise<unknown> {
  const app = new Hono();
  app.onError((error, c) => c.json("kind" in error ? error.kind : String(error)));
  app.get("/", (c) => c.json(ifMatch(c) ?? "any"));
  return (await app.request("/", header === undefined ? {} : { headers: { "if-match": header } })).json();
}

test("If-Match with our ETag asks for that version, weakened on its way or not", async () => {
  expect(await versionOf(etag(3))).toBe(3);
  expect(await versionOf('W/"12"')).toBe(12);
  expect(await versionOf(' "3" ')).toBe(3);
});

test("without If-Match, or with *, any state will do", async () => {
  expect(await versionOf(undefined)).toBe("any");
  expect(await versionOf("*")).toBe("any");
});

test("a tag that is none of ours matches no state", async () => {
  for (const tag of ['"abc"', '"0"', '"03"', '"-1"', '"1.5"', '"1e3"', '""', '"99999999999999999999"']) {
    expect(await versionOf(tag)).toBe(noVersion);
  }
});

test("what is not one entity tag is malformed", async () => {
  for (const header of ["3", '"3", "4"', '"3', "W/3", 'w/"3"', ""]) expect(await versionOf(header)).toBe("malformed");
});

async function knownBy(header: string | undefined): Promise<boolean> {
  const app = new Hono();
  app.get("/", (c) => c.json(isKnown(c, 3)));
  const init = header === undefined ? {} : { headers: { "if-none-match": header } };
  return (await (await app.request("/", init)).json()) as boolean;
}

test("If-None-Match knows a version that it names, weakly or not, alone or among others, and any by *", async () => {
  for (const header of ['"3"', 'W/"3"', '"1", W/"2" ,"3"', ' ,"3",, ', '"a,b", "3"', "*", " * "])
    expect([header, await knownBy(header)]).toEqual([header, true]);
});

test("another tag, no header and what is no list of tags know nothing", async () => {
  for (const header of [
    undefined,
    '"4"',
    '"30"',
    '"03"',
    '"1", "2"',
    "3",
    "W/3",
    'w/"3"',
    '"3',
    '"3" or so',
    '*, "3"',
    '","3","',
    "",
  ])
    expect([header, await knownBy(header)]).toEqual([header, false]);
});
