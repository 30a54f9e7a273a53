/** The pages for signing up and in, where nobody but a first person may sign up. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestDatabase, type RunningRondo, startRondo, type TestDatabase, temporaryFolder } from "@rondo/testing";
import { authSecret } from "./testing/site.ts";

const ada = { name: "Ada", email: "ada@example.org", password: "correct horse battery" };

let database: TestDatabase;
let rondo: RunningRondo;
beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, RONDO_AUTH_SECRET: authSecret, RONDO_SIGN_UP: "closed" };
  rondo = await startRondo({ dataDir: temporaryFolder("sign-pages"), env });
  expect((await send("/sign-up", ada)).status).toBe(303);
});
afterAll(async () => {
  await rondo?.[Symbol.asyncDispose]();
  await database.close();
});

function send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const init = { method: "POST", body: new URLSearchParams(fields), redirect: "manual" } as const;
  return fetch(rondo.origin + path, { ...init, headers: { origin: rondo.origin, ...headers } });
}

test("who may not sign up reads why on the form, which keeps the name and the e-mail address, never the password", async () => {
  const answer = await send("/sign-up", { ...ada, name: "Eve", email: "eve@example.org" });
  expect(answer.status).toBe(403);
  const page = await answer.text();
  expect(page).toContain("Nobody can sign up here. Ask whoever runs this Rondo for an account.");
  expect(page).toContain('value="Eve"');
  expect(page).toContain('value="eve@example.org"');
  expect(page).not.toContain(ada.password);
});

test("a sign-in on the page ends the session that the browser came with, at once; one that fails ends nothing", async () => {
  const { email, password } = ada;
  const cookie = cookieOf(await send("/sign-in", { email, password }));
  const isSignedIn = async (headers: Record<string, string>) =>
    (await fetch(`${rondo.origin}/inbox`, { headers, redirect: "manual" })).status === 200;
  expect((await send("/sign-in", { email, password: "not this one" }, { cookie })).status).toBe(401);
  expect(await isSignedIn({ cookie })).toBe(true);
  const next = cookieOf(await send("/sign-in", { email, password }, { cookie }));
  expect([await isSignedIn({ cookie }), await isSignedIn({ cookie: next })]).toEqual([false, true]);
});

function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}
