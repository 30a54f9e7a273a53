import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { defaultRules } from "./attempt_limits.ts";
import {
  bearer,
  cookieOf,
  createIdentityFixture,
  type IdentityFixture,
  password,
  problemOf,
} from "./identity.fixture.ts";

// Passwords are costly on purpose.
setDefaultTimeout(30_000);

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

const next = "another horse battery staple";
const change = (headers: Record<string, string>, body: object = {}, at: Pick<IdentityFixture, "post"> = api) =>
  at.post("/api/auth/change-password", { current_password: password, new_password: next, ...body }, headers);
const statusOf = async (cookie: string) => (await api.get("/api/v1/me", { cookie })).status;

test("a new password replaces the old one and ends every other session, not the one that asks", async () => {
  const { email, cookie } = await api.member();
  const elsewhere = cookieOf(await api.signIn(email));
  expect(await statusOf(elsewhere)).toBe(200);
  expect((await change({ cookie })).status).toBe(204);
  expect(await Promise.all([cookie, elsewhere].map(statusOf))).toEqual([200, 401]);
  expect((await api.signIn(email)).status).toBe(401);
  expect((await api.signIn(email, { password: next })).status).toBe(200);
});

test("without the current password nothing changes, and tries count as guesses at sign-in", async () => {
  const limited = api.replica({ attemptRules: defaultRules });
  const { email, cookie } = await api.member();
  for (let guess = 0; guess < 10; guess++) {
    const answer = await change({ cookie }, { current_password: "not this one" }, limited);
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).errors).toEqual([
      { pointer: "/current_password", detail: "This is not your password." },
    ]);
  }
  expect((await change({ cookie }, {}, limited)).status).toBe(429);
  expect((await api.signIn(email)).status).toBe(200);
  await limited.close();
});

test("a bad new password is refused with its field", async () => {
  const { email, cookie } = await api.member();
  for (const new_password of ["short", email, "x".repeat(129)]) {
    const answer = await change({ cookie }, { new_password });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).errors.map(({ pointer }) => pointer)).toEqual(["/new_password"]);
  }
});

test("neither an API token, nor a session that has ended, nor nobody changes a password", async () => {
  const { email, cookie } = await api.member();
  const { token } = await api.makeToken(cookie);
  expect((await change(bearer(token))).status).toBe(403);
  expect((await change({})).status).toBe(401);
  const replica = api.replica();
  expect((await replica.get("/api/v1/me", { cookie })).status).toBe(200);
  await api.post("/api/auth/revoke-sessions", {}, { cookie });
  expect((await change({ cookie }, {}, replica)).status).toBe(401);
  expect((await api.signIn(email)).status).toBe(200);
  await replica.close();
});
