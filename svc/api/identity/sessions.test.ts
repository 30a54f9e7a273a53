import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { bearer, cookieOf, createIdentityFixture, type IdentityFixture, type Member } from "./identity.fixture.ts";

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

interface Session {
  readonly id: string;
  readonly current: boolean;
}

const list = async (cookie: string) =>
  ((await (await api.get("/api/auth/list-sessions", { cookie })).json()) as { items: Session[] }).items;
const isSignedIn = async (cookie: string) => (await api.get("/api/v1/me", { cookie })).status === 200;

/** A person with two more browsers. */
async function withThreeBrowsers(): Promise<{ person: Member; browsers: [string, string, string] }> {
  const person = await api.member();
  const [second, third] = [cookieOf(await api.signIn(person.email)), cookieOf(await api.signIn(person.email))];
  for (const cookie of [second, third]) await isSignedIn(cookie);
  return { person, browsers: [person.cookie, second, third] };
}

test("the list shows where one is signed in, newest first, and never the secret", async () => {
  const { email, id } = await api.member();
  const headers = { "user-agent": `Firefox ${"x".repeat(1_000)}`, "x-forwarded-for": "203.0.113.7" };
  const cookie = cookieOf(await api.signIn(email, {}, headers));
  const answer = await api.get("/api/auth/list-sessions", { cookie });
  const text = await answer.clone().text();
  const { items, next_cursor } = (await answer.json()) as { items: object[]; next_cursor: null };
  expect(next_cursor).toBeNull();
  expect(items).toHaveLength(2);
  expect(items[0]).toEqual({
    id: expect.any(String),
    created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    expires_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    ip_address: "203.0.113.7",
    user_agent: headers["user-agent"].slice(0, 300),
    current: true,
  });
  expect(items[1]).toMatchObject({ current: false });
  for (const { token } of await api.sql<{ token: string }[]>`select token from api.session where user_id = ${id}`) {
    expect(text).not.toContain(token);
  }
});

test("signing out ends the session at once, also what was remembered of it, and clears the cookie", async () => {
  const { cookie } = await api.member();
  expect(await isSignedIn(cookie)).toBe(true);
  const answer = await api.post("/api/auth/sign-out", {}, { cookie });
  expect(answer.status).toBe(204);
  expect(answer.headers.get("set-cookie")).toBe("rondo_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
  expect(await isSignedIn(cookie)).toBe(false);
});

test("signing out without a session is no error", async () => {
  for (const cookie of ["", "rondo_session=junk"]) {
    expect((await api.post("/api/auth/sign-out", {}, { cookie })).status).toBe(204);
  }
});

test("one session is ended and the others stay", async () => {
  const { browsers } = await withThreeBrowsers();
  const [mine, second, third] = browsers;
  const [other] = (await list(third)).filter(({ current }) => current);
  expect((await api.post("/api/auth/revoke-session", { id: other?.id }, { cookie: mine })).status).toBe(204);
  expect(await Promise.all([mine, second, third].map(isSignedIn))).toEqual([true, true, false]);
});

test("all other sessions are ended and one's own stays", async () => {
  const { browsers } = await withThreeBrowsers();
  const [mine] = browsers;
  expect((await api.post("/api/auth/revoke-other-sessions", {}, { cookie: mine })).status).toBe(204);
  expect(await Promise.all(browsers.map(isSignedIn))).toEqual([true, false, false]);
});

test("signing out everywhere ends all sessions of this person and nobody else's", async () => {
  const { browsers } = await withThreeBrowsers();
  const stranger = await api.member();
  const answer = await api.post("/api/auth/revoke-sessions", {}, { cookie: browsers[1] });
  expect(answer.status).toBe(204);
  expect(answer.headers.get("set-cookie")).toStartWith("rondo_session=; Max-Age=0;");
  expect(await Promise.all(browsers.map(isSignedIn))).toEqual([false, false, false]);
  expect(await isSignedIn(stranger.cookie)).toBe(true);
});

test("another person's session is not found, like one that does not exist", async () => {
  const [mine, theirs] = [await api.member(), await api.member()];
  const [session] = await list(theirs.cookie);
  const answers = await Promise.all(
    [session?.id, newId()].map((id) => api.post("/api/auth/revoke-session", { id }, { cookie: mine.cookie })),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  const [one, two] = (await Promise.all(answers.map((answer) => answer.json()))) as { request_id: string }[];
  expect({ ...one, request_id: "" }).toEqual({ ...two, request_id: "" });
  expect(await isSignedIn(theirs.cookie)).toBe(true);
});

test("an id that is none is refused with its pointer", async () => {
  const { cookie } = await api.member();
  for (const id of ["x", 1, null]) {
    const answer = await api.post("/api/auth/revoke-session", { id }, { cookie });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: "/id" }] });
  }
});

describe("sessions are for the person in the browser only:", () => {
  const calls: [string, string][] = [
    ["GET", "list-sessions"],
    ["POST", "revoke-session"],
    ["POST", "revoke-other-sessions"],
    ["POST", "revoke-sessions"],
  ];
  for (const [method, path] of calls) {
    test(path, async () => {
      const { cookie } = await api.member();
      const { token } = await api.makeToken(cookie);
      const { token: jwt } = (await (await api.get("/api/auth/token", { cookie })).json()) as { token: string };
      const ask = async (headers: Record<string, string>) => {
        const body = method === "POST" ? { body: { id: newId() } } : {};
        return (await api.call(`/api/auth/${path}`, { method, headers, ...body })).status;
      };
      expect(await ask({})).toBe(401);
      expect(await ask(bearer(token))).toBe(403);
      expect(await ask(bearer(jwt))).toBe(403);
    });
  }
});
