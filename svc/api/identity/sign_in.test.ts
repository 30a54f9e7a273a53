import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  cookieOf,
  createIdentityFixture,
  type IdentityFixture,
  newEmail,
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

const wrong = { password: "not this one" };

test("the right password signs in: who it is in the answer, the session only in an HttpOnly cookie", async () => {
  const { email, id } = await api.member();
  const answer = await api.signIn(email);
  expect(answer.status).toBe(200);
  expect(await answer.clone().json()).toEqual({ user: { id, name: "Ada", email } });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.getSetCookie()).toHaveLength(1);
  expect(answer.headers.get("set-cookie")).toEndWith("; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax");
  const [row] = await api.sql<
    { token: string }[]
  >`select token from api.session where user_id = ${id} order by id desc`;
  expect(await answer.text()).not.toContain(row?.token ?? "no session");
  expect((await api.get("/api/v1/me", { cookie: cookieOf(answer) })).status).toBe(200);
});

test("capitals and spaces around the address do not matter", async () => {
  const { email } = await api.member();
  expect((await api.signIn(` ${email.toUpperCase()} `)).status).toBe(200);
});

test("over https the cookie is Secure and bound to this host", async () => {
  const secure = await createIdentityFixture({ origin: "https://tasks.example.org" });
  try {
    const answer = await secure.signUp();
    const cookie = answer.headers.get("set-cookie");
    expect(cookie).toStartWith("__Host-rondo_session=");
    expect(cookie).toEndWith("; Path=/; HttpOnly; SameSite=Lax; Secure");
    expect((await secure.get("/api/v1/me", { cookie: cookieOf(answer) })).status).toBe(200);
    // What a sibling host or plain http could plant.
    const planted = cookieOf(answer).replace("__Host-", "");
    expect((await secure.get("/api/v1/me", { cookie: planted })).status).toBe(401);
  } finally {
    await secure.close();
  }
});

describe("a refusal does not tell whether the account exists:", () => {
  test("a wrong password and an unknown address are answered alike", async () => {
    const { email } = await api.member();
    const [known, unknown] = [await api.signIn(email, wrong), await api.signIn(newEmail(), wrong)];
    const looks = async (answer: Response) => {
      const { request_id: _, ...body } = (await answer.json()) as { request_id: string };
      return { status: answer.status, body, headers: [...answer.headers.keys()] };
    };
    expect(known.status).toBe(401);
    expect(known.headers.get("www-authenticate")).toBe('Bearer realm="rondo"');
    expect(known.headers.getSetCookie()).toEqual([]);
    expect(await looks(unknown)).toEqual(await looks(known));
  });

  test("they take the same time", async () => {
    const { email } = await api.member();
    const timeOf = async (address: string) => {
      const begun = performance.now();
      await api.signIn(address, wrong);
      return performance.now() - begun;
    };
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 15; round++) {
      times.known.push(await timeOf(email));
      times.unknown.push(await timeOf(newEmail()));
    }
    const typical = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    // Without the dummy hash an unknown address would take a tenth.
    expect(typical(times.unknown) / typical(times.known)).toBeWithin(0.6, 1.6);
  });
});

describe("session fixation:", () => {
  test("a sign-in never takes on the session that the browser came with", async () => {
    const attacker = await api.member();
    const victim = await api.member();
    const answer = await api.signIn(victim.email, {}, { cookie: attacker.cookie });
    expect(cookieOf(answer)).not.toBe(attacker.cookie);
    const me = await (await api.get("/api/v1/me", { cookie: cookieOf(answer) })).json();
    expect(me).toMatchObject({ id: victim.id });
    // The planted session does not become the victim's; it ends.
    expect((await api.get("/api/v1/me", { cookie: attacker.cookie })).status).toBe(401);
  });

  test("two sign-ins are two sessions", async () => {
    const { email } = await api.member();
    expect(cookieOf(await api.signIn(email))).not.toBe(cookieOf(await api.signIn(email)));
  });

  test("a session that we did not sign is refused before the database is asked", async () => {
    const { cookie } = await api.member();
    const token = decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0] ?? "";
    for (const forged of [
      token,
      `${token}.`,
      `${token}.${"A".repeat(43)}=`,
      `x.${cookie.split(".")[1]}`,
      "%E0%A4%A",
      ".",
    ]) {
      expect((await api.get("/api/v1/me", { cookie: `rondo_session=${forged}` })).status).toBe(401);
    }
  });
});

test("expired sessions are refused, and their rows go when their owner signs in again", async () => {
  const { email, cookie, id } = await api.member();
  await api.sql`update api.session set expires_at = now() - interval '1 second' where user_id = ${id}`;
  const elsewhere = api.replica();
  expect((await elsewhere.get("/api/v1/me", { cookie })).status).toBe(401);
  await elsewhere.close();
  await api.signIn(email);
  expect(await api.sql`select 1 from api.session where user_id = ${id}`).toHaveLength(1);
});

describe("another site's page", () => {
  const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  test("can neither sign a browser in nor up nor out", async () => {
    const { email, cookie } = await api.member();
    expect((await api.signIn(email, {}, headers)).status).toBe(403);
    const body = { name: "Eve", email: newEmail(), password };
    expect((await api.post("/api/auth/sign-up/email", body, headers)).status).toBe(403);
    expect((await api.post("/api/auth/sign-out", {}, { ...headers, cookie })).status).toBe(403);
    expect((await api.get("/api/v1/me", { cookie })).status).toBe(200);
  });

  test("cannot send a form in place of JSON", async () => {
    const init = { method: "POST", body: "email=a%40b.org&password=x" };
    const content = { "content-type": "application/x-www-form-urlencoded" };
    expect((await api.app.request("/api/auth/sign-in/email", { ...init, headers: content })).status).toBe(415);
  });
});

test("bad input is refused with a pointer at each wrong field", async () => {
  const answer = await api.post("/api/auth/sign-in/email", { email: 1, passwort: "x", rememberMe: true });
  expect(answer.status).toBe(422);
  const pointers = (await problemOf(answer)).errors.map(({ pointer }) => pointer);
  expect(pointers.toSorted()).toEqual(["/email", "/password", "/passwort", "/rememberMe"]);
});

test("with PostgreSQL away a sign-in and a sign-up are unavailable, which says nothing about the password", async () => {
  const { email } = await api.member();
  const away = api.replica({ databaseUrl: "postgres://rondo:rondo@127.0.0.1:1/rondo" });
  for (const answer of [await away.signIn(email), await away.signUp()]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).not.toContain("127.0.0.1");
  }
  await away.close();
});

test("what better-auth could do besides is not there", async () => {
  const { cookie } = await api.member();
  const account = ["update-user", "change-email", "delete-user", "sign-in/social", "reset-password"];
  const plugins = ["organization/create", "organization/list", "verify-jwt", "sign-jwt"];
  for (const path of [...account, ...plugins, "get-session", "ok", "error", "nothing"]) {
    expect((await api.get(`/api/auth/${path}`, { cookie })).status).toBe(404);
    expect((await api.post(`/api/auth/${path}`, {}, { cookie })).status).toBe(404);
  }
});
