import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { fakeClock, newId, waitFor } from "@rondo/testing";
import {
  bearer,
  counting,
  createIdentityFixture,
  httpOrigin,
  type IdentityFixture,
  type Member,
} from "./identity.fixture.ts";
import type { Identity } from "./index.ts";

const clock = fakeClock(new Date().toISOString());
let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture({ clock });
});
afterAll(() => api.close());

type Headers = Record<string, string>;
const request = (headers: Headers) => new Request(`${httpOrigin}/api/v1/tasks`, { headers });
const kindOf = (headers: Headers, identity: Identity = api.identity) =>
  identity.authenticate(request(headers)).then(
    () => "accepted",
    (error: unknown) => (error instanceof Problem ? error.kind : String(error)),
  );
const exchange = async (headers: Headers) =>
  ((await (await api.get("/api/auth/token", headers)).json()) as { token: string }).token;
const withCookie = async ({ cookie }: Member): Promise<Headers> => ({ cookie });
const withApiToken = async ({ cookie }: Member) => bearer((await api.makeToken(cookie)).token);
const withJwt = async ({ cookie }: Member) => bearer(await exchange({ cookie }));

async function join(guest: Member, workspaceId: string, role: string): Promise<void> {
  await api.sql`
    insert into api.member (id, workspace_id, user_id, role, created_at)
    values (${newId()}, ${workspaceId}, ${guest.id}, ${role}, now())`;
}

describe("cost:", () => {
  test("a session cookie costs one query, then none for 10 s", async () => {
    const headers = await withCookie(await api.member());
    const { db, count } = counting(api.db);
    const { identity, close } = api.replica({ db });
    for (let n = 0; n < 20; n++) await identity.authenticate(request(headers));
    clock.advance(9_999);
    await identity.authenticate(request(headers));
    expect(count.queries).toBe(1);
    clock.advance(1);
    await identity.authenticate(request(headers));
    expect(count.queries).toBe(2);
    await close();
  });

  test("an API token costs one query, then none for 10 s; its use is written down on the side", async () => {
    const headers = await withApiToken(await api.member());
    const { db, count } = counting(api.db);
    const { identity, close } = api.replica({ db });
    for (let n = 0; n < 20; n++) await identity.authenticate(request(headers));
    clock.advance(9_999);
    await identity.authenticate(request(headers));
    expect(count.queries).toBe(1 + 1);
    clock.advance(1);
    await waitFor(async () => (await api.sql`select 1 from api.api_token where last_used_at is null`).length === 0, {
      what: "the last use",
    });
    await identity.authenticate(request(headers));
    expect(count.queries).toBe(2 + 1);
    await close();
  });

  test("a JWT costs one query, then none for 10 s, and one for the keys of all", async () => {
    const [one, two] = [await withJwt(await api.member()), await withJwt(await api.member())];
    const { db, count } = counting(api.db);
    const { identity, close } = api.replica({ db });
    for (let n = 0; n < 20; n++) for (const jwt of [one, two]) await identity.authenticate(request(jwt));
    expect(count.queries).toBe(2 + 1);
    await close();
  });

  const plans: [string, string][] = [
    ["session", "select 1 from api.session s where s.token = 'x' and s.expires_at > now()"],
    ["JWT's session", `select 1 from api.session where id = '${newId()}' and expires_at > now()`],
    ["JWT's API token", `select 1 from api.api_token where id = '${newId()}' and revoked_at is null`],
    ["API token", "select 1 from api.api_token t where t.token_sha256 = sha256('x') and t.revoked_at is null"],
    ["membership", `select 1 from api.member where user_id = '${newId()}' and workspace_id = '${newId()}'`],
    ["list of sessions", `select 1 from api.session where user_id = '${newId()}'`],
    [
      "list of tokens",
      `select 1 from api.api_token where user_id = '${newId()}' and revoked_at is null order by id desc`,
    ],
  ];
  for (const [what, query] of plans) {
    test(`the ${what} is found by its index`, async () => {
      const lines = await api.db.transaction(async (sql) => {
        await sql`set local enable_seqscan = off`;
        return sql.unsafe<{ "QUERY PLAN": string }[]>(`explain ${query}`);
      });
      const plan = lines.map((line) => line["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index (Only )?Scan|Bitmap Index Scan/);
      expect(plan).toMatch(/Index Cond/);
    });
  }
});

describe("revoked elsewhere:", () => {
  test("a session works for at most 10 s more in another process", async () => {
    const member = await api.member();
    const replica = api.replica();
    expect(await kindOf({ cookie: member.cookie }, replica.identity)).toBe("accepted");
    await api.post("/api/auth/sign-out", {}, { cookie: member.cookie });
    expect(await kindOf({ cookie: member.cookie })).toBe("unauthenticated");
    clock.advance(10_000);
    expect(await kindOf({ cookie: member.cookie }, replica.identity)).toBe("unauthenticated");
    await replica.close();
  });

  test("nothing is remembered beyond its own expiry", async () => {
    const member = await api.member();
    const { token, id } = await api.makeToken(member.cookie);
    await api.sql`update api.api_token set expires_at = now() + interval '5 seconds' where id = ${id}`;
    const [{ expires_at } = { expires_at: "" }] = await api.sql<{ expires_at: string }[]>`
      select expires_at from api.api_token where id = ${id}`;
    clock.set(new Date(Date.parse(expires_at) - 1_000).toISOString());
    expect(await kindOf(bearer(token))).toBe("accepted");
    await api.sql`update api.api_token set revoked_at = now() where id = ${id}`;
    clock.advance(999);
    expect(await kindOf(bearer(token))).toBe("accepted");
    clock.advance(1);
    expect(await kindOf(bearer(token))).toBe("unauthenticated");
  });

  test("a revocation during the look-up is not outlived by what the look-up found", async () => {
    const { cookie } = await api.member();
    const [found, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let first = true;
    const slow = new Proxy(api.db.sql, {
      async apply(target, self, args) {
        const isFirst = first;
        first = false;
        const rows = await Reflect.apply(target, self, args);
        if (isFirst) {
          found.resolve();
          await released.promise;
        }
        return rows;
      },
    });
    const replica = api.replica({ db: { ...api.db, sql: slow } });
    const looking = kindOf({ cookie }, replica.identity);
    await found.promise;
    expect((await replica.post("/api/auth/sign-out", {}, { cookie })).status).toBe(204);
    released.resolve();
    await looking;
    expect(await kindOf({ cookie }, replica.identity)).toBe("unauthenticated");
    await replica.close();
  });
});

describe("Rondo-Workspace:", () => {
  test("a session acts in another workspace by name, with the role held there", async () => {
    const [guest, host] = [await api.member(), await api.member()];
    await join(guest, host.workspace_id, "viewer");
    const credential = await withCookie(guest);
    const own = await api.identity.authenticate(request(credential));
    expect(own).toMatchObject({ user_id: guest.id, workspace_id: guest.workspace_id, role: "owner" });
    const there = await api.identity.authenticate(request({ ...credential, "rondo-workspace": host.workspace_id }));
    const shouted = { ...credential, "rondo-workspace": host.workspace_id.toUpperCase() };
    expect(await api.identity.authenticate(request(shouted))).toEqual(there);
    const scopes = ["tasks:read"] as const;
    expect(there).toMatchObject({ user_id: guest.id, workspace_id: host.workspace_id, role: "viewer", scopes });
  });

  test("an API token acts in the workspace it was made in, and in no other of its owner's", async () => {
    const [guest, host] = [await api.member(), await api.member()];
    await join(guest, host.workspace_id, "member");
    const token = await withApiToken(guest);
    for (const credential of [token, bearer(await exchange(token))]) {
      for (const named of [guest.workspace_id, guest.workspace_id.toUpperCase()]) {
        expect(await kindOf({ ...credential, "rondo-workspace": named })).toBe("accepted");
      }
      expect(await kindOf({ ...credential, "rondo-workspace": host.workspace_id })).toBe("not_found");
    }
    expect((await api.get("/api/auth/token", { ...token, "rondo-workspace": host.workspace_id })).status).toBe(404);
  });

  test("an API token of a workspace that its owner has left opens nothing", async () => {
    const [guest, host] = [await api.member(), await api.member()];
    await join(guest, host.workspace_id, "member");
    const { cookie } = guest;
    const body = { name: "a program", scopes: ["tasks:read"] };
    const made = await api.post("/api/v1/tokens", body, { cookie, "rondo-workspace": host.workspace_id });
    const { token } = (await made.json()) as { token: string };
    expect(await api.identity.authenticate(request(bearer(token)))).toMatchObject({ workspace_id: host.workspace_id });
    await api.sql`delete from api.member where user_id = ${guest.id} and workspace_id = ${host.workspace_id}`;
    clock.advance(10_000);
    expect(await kindOf(bearer(token))).toBe("unauthenticated");
  });

  test("an empty name names no workspace, whether or not the caller is remembered", async () => {
    const guest = await api.member();
    for (const credential of [await withCookie(guest), await withApiToken(guest), await withJwt(guest)]) {
      const cold = api.replica();
      expect(await kindOf({ ...credential, "rondo-workspace": "" }, cold.identity)).toBe("not_found");
      expect(await kindOf(credential, cold.identity)).toBe("accepted");
      expect(await kindOf({ ...credential, "rondo-workspace": "" }, cold.identity)).toBe("not_found");
      expect(await kindOf(credential, cold.identity)).toBe("accepted");
      await cold.close();
    }
  });

  test("a JWT is made for the workspace named, and speaks for no other", async () => {
    const [guest, host] = [await api.member(), await api.member()];
    await join(guest, host.workspace_id, "member");
    const there = bearer(await exchange({ cookie: guest.cookie, "rondo-workspace": host.workspace_id }));
    expect(await api.identity.authenticate(request(there))).toMatchObject({
      workspace_id: host.workspace_id,
      role: "member",
    });
    expect(await kindOf({ ...there, "rondo-workspace": guest.workspace_id })).toBe("not_found");
    expect(await kindOf({ ...there, "rondo-workspace": host.workspace_id.toUpperCase() })).toBe("accepted");
  });

  test("a foreign workspace is not found, byte for byte like one that does not exist", async () => {
    const [stranger, host] = [await api.member(), await api.member()];
    const answers = [];
    for (const credential of [await withCookie(stranger), await withApiToken(stranger), await withJwt(stranger)]) {
      for (const workspace of [host.workspace_id, newId(), "nonsense", "'; drop table api.member; --"]) {
        const answer = await api.get("/api/v1/me", { ...credential, "rondo-workspace": workspace });
        answers.push(`${answer.status} ${(await answer.text()).replace(/"request_id":"[^"]*"/, "")}`);
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toStartWith("404 ");
  });

  test("a wrong credential is told before a wrong workspace", async () => {
    const { workspace_id } = await api.member();
    expect(await kindOf({ cookie: "rondo_session=x", "rondo-workspace": workspace_id })).toBe("unauthenticated");
  });

  test("who lost the membership of the session's workspace falls back to the personal one", async () => {
    const [guest, host] = [await api.member(), await api.member()];
    await join(guest, host.workspace_id, "member");
    const find = async () => (await api.identity.authenticate(request({ cookie: guest.cookie }))).workspace_id;
    await api.sql`update api.session set active_workspace_id = ${host.workspace_id} where user_id = ${guest.id}`;
    clock.advance(10_000);
    expect(await find()).toBe(host.workspace_id);
    await api.sql`delete from api.member where user_id = ${guest.id} and workspace_id = ${host.workspace_id}`;
    clock.advance(10_000);
    expect(await find()).toBe(guest.workspace_id);
  });
});

test("without a credential there is nobody", async () => {
  expect(await kindOf({})).toBe("unauthenticated");
});

test("an unknown API token is refused, with or without a good cookie beside it", async () => {
  const { cookie } = await api.member();
  const unknown = bearer(`rondo_pat_${"A".repeat(43)}`);
  expect(await kindOf(unknown)).toBe("unauthenticated");
  expect(await kindOf({ ...unknown, cookie })).toBe("unauthenticated");
});
