import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ApiFixture, type Caller, createApiFixture } from "./api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

test.each(["task", "project"] as const)("a %s that the caller has is answered 304 until it changes", async (kind) => {
  const { id } = kind === "task" ? await ada.task() : await ada.project();
  const path = `/${kind}s/${id}`;
  const first = (await ada.get(path)).headers.get("etag") ?? "no tag";
  const read = (tag: string, method = "GET") =>
    api.call(ada, method, `/api/v1${path}`, { headers: { "if-none-match": tag } });

  for (const tag of [first, `W/"0", W/${first}`, "*"]) {
    for (const method of ["GET", "HEAD"]) {
      const known = await read(tag, method);
      expect([known.status, known.body, known.headers.get("etag")]).toEqual([304, undefined, first]);
      expect(known.headers.get("content-type")).toBeNull();
    }
  }
  expect((await ada.patch(path, { body: kind === "task" ? { title: "Buy oat milk" } : { name: "Home" } })).status).toBe(
    200,
  );
  const changed = await read(first);
  expect([changed.status, changed.headers.get("etag")]).toEqual([200, '"2"']);
  expect(changed.body).toMatchObject({ id, version: 2 });
});

test("a write is no read: what the caller has does not keep it from happening", async () => {
  const { id } = await ada.task();
  const headers = { "if-none-match": '"2"' };
  expect((await ada.patch(`/tasks/${id}`, { body: { title: "Buy oat milk" }, headers })).status).toBe(200);
});

test("who may not read it is not told that it is unchanged", async () => {
  const { id } = await ada.task();
  const eve = await api.caller();
  expect((await eve.get(`/tasks/${id}`, { headers: { "if-none-match": "*" } })).status).toBe(404);
});
