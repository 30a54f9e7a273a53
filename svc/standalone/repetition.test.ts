import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type Answer, pointersOf, type Site, startSite } from "./testing/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

const create = (body: object, key: string): Promise<Answer> =>
  site.ask(site.ada, "POST", "/api/v1/tasks", { body, headers: { "idempotency-key": key } });
const made = (title: string) =>
  site.database.sql<{ id: string }[]>`select id from api.task where title = ${title}`.then((rows) => rows.length);

describe("with one Idempotency-Key", () => {
  test("the same body gets the first answer again and makes nothing", async () => {
    const key = newId();
    const first = await create({ title: "Once" }, key);
    const again = await create({ title: "Once" }, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    for (const name of ["etag", "rondo-operation", "location"])
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await made("Once")).toBe(1);
  });

  test("another body is refused and makes nothing", async () => {
    const key = newId();
    await create({ title: "This" }, key);
    const other = await create({ title: "That" }, key);
    expect([other.status, pointersOf(other)]).toEqual([422, ["header:Idempotency-Key"]]);
    expect(await made("That")).toBe(0);
  });

  test("twenty at once make one, and each is answered with it", async () => {
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({ title: "All at once" }, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await made("All at once")).toBe(1);
  });

  test("two people make two", async () => {
    const key = newId();
    const headers = { "idempotency-key": key };
    await create({ title: "Each" }, key);
    const hers = await site.ask(site.eve, "POST", "/api/v1/tasks", { body: { title: "Each" }, headers });
    expect(hers.headers.get("idempotent-replayed")).toBeNull();
    expect(await made("Each")).toBe(2);
  });

  test.each(["", "a b", "x".repeat(256)])("%p is no key", async (key) => {
    expect((await create({ title: "Keyless" }, key)).status).toBe(422);
    expect(await made("Keyless")).toBe(0);
  });
});

describe("what somebody else has changed meanwhile is refused with 412 and the current state, and stays:", () => {
  const changes: readonly (readonly [string, string, string, object | undefined])[] = [
    ["a task's change", "tasks", "PATCH", { title: "Mine" }],
    ["its completion", "tasks/completion", "POST", undefined],
    ["its move", "tasks/move", "POST", {}],
    ["its deletion", "tasks", "DELETE", undefined],
    ["a project's change", "projects", "PATCH", { name: "Mine" }],
    ["its deletion", "projects", "DELETE", undefined],
  ];

  test.each(changes)("%s: %s %s", async (_, where, method, body) => {
    const [collection = "", verb] = where.split("/");
    const label = collection === "tasks" ? "title" : "name";
    const start = await site.ask(site.ada, "POST", `/api/v1/${collection}`, { body: { [label]: "First" } });
    const thing = `/api/v1/${collection}/${start.json<{ id: string }>().id}`;
    const theirs = await site.ask(site.ada, "PATCH", thing, { body: { [label]: "Theirs" } });
    const headers = { "if-match": start.headers.get("etag") ?? "" };
    const path = verb === undefined ? thing : `${thing}/${verb}`;
    const stale = await site.ask(site.ada, method, path, { headers, ...(body && { body }) });
    expect(stale.status).toBe(412);
    expect(stale.json<{ current: unknown }>().current).toEqual(theirs.json());
    expect((await site.ask(site.ada, "GET", thing)).json()).toEqual(theirs.json());
  });

  test("on a page, with both texts to choose from", async () => {
    const start = await site.ask(site.ada, "POST", "/api/v1/tasks", { body: { title: "First" } });
    const { id } = start.json<{ id: string }>();
    await site.ask(site.ada, "PATCH", `/api/v1/tasks/${id}`, { body: { title: "Their words" } });
    const form = new URLSearchParams({ field: "title", version: "1", was: "First", title: "My words" });
    const stale = await site.ask(site.ada, "POST", `/tasks/${id}`, { body: form });
    expect(stale.status).toBe(412);
    expect(stale.text).toContain("Their words");
    expect(stale.text).toContain("My words");
  });
});
