/** Whoever ends credentials at the very moment at which another is made: none of them lives on. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { hashPassword } from "@rondo/identity/password";
import { waitFor } from "@rondo/testing";
import { createIdentityFixture, type IdentityFixture, password } from "./identity.fixture.ts";
import { insertToken } from "./queries.ts";

// Passwords are costly on purpose.
setDefaultTimeout(30_000);

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

/** Until `running` waits for a lock of somebody else; goes on at once where it does not wait but ends. */
async function waitForLock(running: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  running.then(done, done);
  const waiting = async () => {
    const rows = await api.sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    return isDone || rows.length > 0;
  };
  await waitFor(waiting, { what: "a lock to be waited for" });
}

const livingTokens = (userId: string) => api.sql`
  select from api.api_token where user_id = ${userId} and revoked_at is null`;

test("no API token is made from a session while an operator ends it", async () => {
  const { id, cookie } = await api.member();
  const body = { name: "successor", scopes: ["tasks:read"] };
  const answer = await api.db.transaction(async (sql) => {
    await sql`delete from api.session where user_id = ${id}`;
    const asked = api.post("/api/v1/tokens", body, { cookie });
    await waitForLock(asked);
    return { asked };
  });
  expect((await answer.asked).status).toBe(401);
  expect(await livingTokens(id)).toHaveLength(0);
});

test("an operator who ends a session while it makes an API token revokes that token too", async () => {
  const { id, workspace_id } = await api.member();
  const [session] = await api.sql<{ id: string }[]>`select id from api.session where user_id = ${id}`;
  const end = async () => {
    await api.sql`delete from api.session where user_id = ${id}`;
    await api.sql`update api.api_token set revoked_at = now() where user_id = ${id} and revoked_at is null`;
  };
  const { ended } = await api.db.transaction(async (sql) => {
    const made = await insertToken(
      sql,
      { id: Bun.randomUUIDv7(), workspace_id, user_id: id, name: "successor", scopes: ["tasks:read"] },
      { tokenSha256: new Uint8Array(32), expires_at: null, most: 100, session_id: session?.id ?? "" },
    );
    expect(made).toBeDefined();
    const ending = end();
    await waitForLock(ending);
    return { ended: ending };
  });
  await ended;
  expect(await livingTokens(id)).toHaveLength(0);
});

const sessions = (userId: string) => api.sql`select from api.session where user_id = ${userId}`;

test("a sign-in by the old password leaves no session when the password changes before it is made", async () => {
  const { id, email } = await api.member();
  const { asked } = await api.db.transaction(async (sql) => {
    // Holds the sign-in between the check of the password and its session.
    await sql`lock table api.session in share mode`;
    const signingIn = api.signIn(email);
    await waitForLock(signingIn);
    await sql`update api.account set password = ${await hashPassword("another horse")} where user_id = ${id}`;
    await sql`delete from api.session where user_id = ${id}`;
    return { asked: signingIn };
  });
  const answer = await asked;
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
  expect(await sessions(id)).toHaveLength(0);
});

test("a sign-in by the old password leaves no session while a change of it is not yet committed", async () => {
  const { id, email } = await api.member();
  const { asked } = await api.db.transaction(async (sql) => {
    await sql`update api.account set password = ${await hashPassword("another horse")} where user_id = ${id}`;
    await sql`delete from api.session where user_id = ${id}`;
    const signingIn = api.signIn(email);
    await waitForLock(signingIn);
    return { asked: signingIn };
  });
  expect((await asked).status).toBe(401);
  expect(await sessions(id)).toHaveLength(0);
});

test("a change of the password ends a session that was made by the old one while the change waited", async () => {
  const { id, email, cookie } = await api.member();
  const body = { current_password: password, new_password: "another horse battery staple" };
  const { changing } = await api.db.transaction(async (sql) => {
    // The change waits for this lock; a sign-in, which only reads the password, does not.
    await sql`select from api.account where user_id = ${id} for share`;
    const asked = api.post("/api/auth/change-password", body, { cookie });
    await waitForLock(asked);
    expect((await api.signIn(email)).status).toBe(200);
    return { changing: asked };
  });
  expect((await changing).status).toBe(204);
  expect(await sessions(id)).toHaveLength(1);
});
