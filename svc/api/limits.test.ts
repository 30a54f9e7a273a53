import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture({ requestsPerMinute: 3 });
});
afterAll(() => api.close());

test.each(["/me", "/workspaces", "/tokens"])("%s is counted with the rest", async (path) => {
  const ada = await api.caller();
  const answers = [await ada.get("/tasks"), await ada.get("/projects"), await ada.get(path), await ada.get(path)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect((await ada.get("/tasks")).status).toBe(429);
});

test("who calls too often is told when to come back; others are served meanwhile", async () => {
  const [ada, bob] = [await api.caller(), await api.caller()];
  const answers = [];
  for (let call = 0; call < 5; call++) answers.push(await ada.get("/tasks"));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  const wait = Number(answers.at(-1)?.headers.get("retry-after"));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect((await bob.get("/tasks")).status).toBe(200);
});
