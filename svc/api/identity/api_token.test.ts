import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId, waitFor } from "@rondo/testing";
import { bearer, createIdentityFixture, type IdentityFixture, problemOf } from "./identity.fixture.ts";

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

interface Token {
  readonly id: string;
  readonly last_used_at: string | null;
}

const list = async (cookie: string) =>
  ((await (await api.get("/api/v1/tokens", { cookie })).json()) as { items: Token[] }).items;
const create = (cookie: string, body: object) =>
  api.post("/api/v1/tokens", { name: "backup", scopes: ["tasks:read"], ...body }, { cookie });
const isAccepted = async (token: string) => (await api.get("/api/v1/me", bearer(token))).status === 200;

test("a token is shown once, works, and is in the database only as its hash", async () => {
  const { cookie, id, workspace_id } = await api.member();
  const answer = await create(cookie, {
    scopes: ["tasks:read", "tasks:write"],
    expires_at: "2999-01-31T09:00:00+01:00",
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const made = (await answer.json()) as Token & { token: string };
  expect(made as object).toEqual({
    id: expect.any(String),
    workspace_id,
    name: "backup",
    scopes: ["tasks:read", "tasks:write"],
    expires_at: "2999-01-31T08:00:00.000Z",
    last_used_at: null,
    created_at: expect.stringMatching(/Z$/),
    token: expect.stringMatching(/^rondo_pat_[A-Za-z0-9_-]{43}$/),
  });
  expect(await (await api.get("/api/v1/me", bearer(made.token))).json()).toMatchObject({
    id,
    workspace_id,
    scopes: ["tasks:read", "tasks:write"],
  });
  expect(JSON.stringify(await list(cookie))).not.toContain("rondo_pat_");
  const rows = await api.sql<{ row: string }[]>`select t::text as row from api.api_token t where id = ${made.id}`;
  expect(rows[0]?.row).not.toContain(made.token.slice(-43));
});

test("a token acts as itself on behalf of its maker", async () => {
  const { cookie, id, workspace_id } = await api.member();
  const { id: tokenId, token } = await api.makeToken(cookie);
  expect(await api.identity.authenticate(new Request("http://localhost/", { headers: bearer(token) }))).toEqual({
    actor_id: tokenId,
    actor_type: "token",
    user_id: id,
    workspace_id,
    role: "owner",
    scopes: ["tasks:read"],
  });
});

test("the list has one's own living tokens, newest first", async () => {
  const { cookie } = await api.member();
  await api.makeToken((await api.member()).cookie);
  const [first, second, gone, expired] = [
    await api.makeToken(cookie),
    await api.makeToken(cookie),
    await api.makeToken(cookie),
    await api.makeToken(cookie),
  ];
  const revoked = await api.call(`/api/v1/tokens/${gone.id}`, { method: "DELETE", headers: { cookie } });
  expect([revoked.status, await revoked.text()]).toEqual([204, ""]);
  await api.sql`update api.api_token set expires_at = now() - interval '1 second' where id = ${expired.id}`;
  expect((await list(cookie)).map(({ id }) => id)).toEqual([second.id, first.id]);
});

test("the last use is shown, and written at most once a minute", async () => {
  const { cookie } = await api.member();
  const { id, token } = await api.makeToken(cookie);
  await isAccepted(token);
  const lastUse = async () => (await list(cookie))[0]?.last_used_at ?? null;
  await waitFor(async () => (await lastUse()) !== null, { what: "the last use" });
  await api.sql`update api.api_token set last_used_at = last_used_at - interval '30 seconds' where id = ${id}`;
  const before = await lastUse();
  const replica = api.replica();
  await replica.get("/api/v1/me", bearer(token));
  await replica.close();
  expect(await lastUse()).toBe(before);
});

test("a revoked token is refused at once, also where it was remembered", async () => {
  const { cookie } = await api.member();
  const { id, token } = await api.makeToken(cookie);
  expect(await isAccepted(token)).toBe(true);
  const revoke = () => api.call(`/api/v1/tokens/${id}`, { method: "DELETE", headers: { cookie } });
  expect((await revoke()).status).toBe(204);
  expect(await isAccepted(token)).toBe(false);
  expect((await revoke()).status).toBe(404);
});

test("an expired token is refused", async () => {
  const { cookie } = await api.member();
  const { id, token } = await api.makeToken(cookie);
  await api.sql`update api.api_token set expires_at = now() - interval '1 second' where id = ${id}`;
  expect(await isAccepted(token)).toBe(false);
});

test("another person's token is not found, like one that does not exist, and goes on working", async () => {
  const [mine, theirs] = [await api.member(), await api.member()];
  const { id, token } = await api.makeToken(theirs.cookie);
  const revoke = (tokenId: string) =>
    api.call(`/api/v1/tokens/${tokenId}`, { method: "DELETE", headers: { cookie: mine.cookie } });
  const answers = await Promise.all([id, newId(), "not-an-id", "..%2f"].map(revoke));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { request_id: string }[];
  const [first, ...rest] = bodies.map((body) => JSON.stringify({ ...body, request_id: "" }));
  for (const other of rest) expect(other).toBe(first ?? "");
  expect(await isAccepted(token)).toBe(true);
});

describe("bad input is refused with a pointer at each wrong field:", () => {
  const wrong: [string, object, string[]][] = [
    ["everything missing", { name: undefined, scopes: undefined }, ["/name", "/scopes"]],
    ["an empty name", { name: "" }, ["/name"]],
    ["a name with a NUL", { name: "a\0" }, ["/name"]],
    ["a long name", { name: "a".repeat(101) }, ["/name"]],
    ["no scopes", { scopes: [] }, ["/scopes"]],
    ["an unknown scope", { scopes: ["tasks:read", "tasks:all"] }, ["/scopes/1"]],
    ["scopes as text", { scopes: "tasks:read" }, ["/scopes"]],
    ["a past expiry", { expires_at: "2020-01-31T08:00:00Z" }, ["/expires_at"]],
    ["an expiry that is no moment", { expires_at: "2026-02-30T08:00:00Z" }, ["/expires_at"]],
    ["an expiry without a zone", { expires_at: "2999-01-31T08:00:00" }, ["/expires_at"]],
    ["an expiry beyond the year 9999", { expires_at: "+010000-01-01T00:00:00Z" }, ["/expires_at"]],
    ["an expiry that is a number", { expires_at: 1 }, ["/expires_at"]],
    ["unknown fields", { user_id: newId(), workspace_id: newId() }, ["/user_id", "/workspace_id"]],
  ];
  for (const [what, changes, pointers] of wrong) {
    test(what, async () => {
      const answer = await create(cookieOfSomeone, changes);
      expect(answer.status).toBe(422);
      expect((await problemOf(answer)).errors.map(({ pointer }) => pointer).toSorted()).toEqual(pointers);
    });
  }
  let cookieOfSomeone = "";
  beforeAll(async () => {
    cookieOfSomeone = (await api.member()).cookie;
  });
});

describe("a token never does more than its maker's role:", () => {
  test("a scope that the role lacks is refused, by name", async () => {
    const { cookie, id } = await api.member();
    await api.sql`update api.member set role = 'viewer' where user_id = ${id}`;
    const viewer = api.replica();
    const body = { name: "x", scopes: ["tasks:read", "tasks:write"] };
    const answer = await viewer.post("/api/v1/tokens", body, { cookie });
    await viewer.close();
    expect(answer.status).toBe(422);
    expect(await problemOf(answer)).toMatchObject({
      errors: [{ pointer: "/scopes/1", detail: "You are viewer here, which does not include tasks:write." }],
    });
  });

  test("a token made before its maker lost the role loses it too", async () => {
    const { cookie, id } = await api.member();
    const { token } = await api.makeToken(cookie, { scopes: ["tasks:read", "tasks:write", "workspace:admin"] });
    await api.sql`update api.member set role = 'viewer' where user_id = ${id}`;
    expect(await (await api.get("/api/v1/me", bearer(token))).json()).toMatchObject({
      role: "viewer",
      scopes: ["tasks:read"],
    });
  });

  test("a token dies with its maker's membership", async () => {
    const { cookie, id } = await api.member();
    const { token } = await api.makeToken(cookie);
    await api.sql`delete from api.member where user_id = ${id}`;
    expect(await isAccepted(token)).toBe(false);
  });
});

test("a token can neither make, list nor revoke tokens", async () => {
  const { cookie } = await api.member();
  const { id, token } = await api.makeToken(cookie, { scopes: ["tasks:read", "tasks:write", "workspace:admin"] });
  const body = { name: "successor", scopes: ["tasks:read"] };
  expect((await api.post("/api/v1/tokens", body, bearer(token))).status).toBe(403);
  expect((await api.get("/api/v1/tokens", bearer(token))).status).toBe(403);
  expect((await api.call(`/api/v1/tokens/${id}`, { method: "DELETE", headers: bearer(token) })).status).toBe(403);
});

test("nobody who is not signed in gets anywhere near a token", async () => {
  expect((await api.get("/api/v1/tokens")).status).toBe(401);
  expect((await api.post("/api/v1/tokens", { nonsense: true })).status).toBe(401);
  expect((await api.call(`/api/v1/tokens/${newId()}`, { method: "DELETE" })).status).toBe(401);
});

test("a hundred tokens are the most", async () => {
  const { cookie, id, workspace_id } = await api.member();
  await api.sql`
    insert into api.api_token (id, workspace_id, user_id, name, token_sha256, scopes)
    select gen_random_uuid(), ${workspace_id}, ${id}, 'many', sha256(n::text::bytea || ${id}::text::bytea), '{tasks:read}'
    from generate_series(1, 100) n`;
  const answer = await create(cookie, {});
  expect(answer.status).toBe(409);
  expect((await problemOf(answer)).detail).toContain("100");
});
