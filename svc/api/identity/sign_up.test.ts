import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseEvent, projectEventData } from "@rondo/event";
import type { Project } from "@rondo/task";
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

test("a new person is signed in and owns a personal workspace with an Inbox", async () => {
  const email = newEmail();
  const answer = await api.signUp({ email, name: "Ada Lovelace" });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ user: { name: "Ada Lovelace", email } });
  const me = await (await api.get("/api/v1/me", { cookie: cookieOf(answer) })).json();
  expect(me).toMatchObject({
    name: "Ada Lovelace",
    email,
    role: "owner",
    scopes: ["tasks:read", "tasks:write", "workspace:admin"],
    workspaces: [{ name: "Personal", role: "owner", personal: true }],
  });
  expect(me.workspace_id).toBe(me.workspaces[0].id);
  const projects =
    await api.sql`select name, is_inbox, created_by from api.project where workspace_id = ${me.workspace_id}`;
  expect([...projects]).toEqual([{ name: "Inbox", is_inbox: true, created_by: me.id }]);
});

test("signing up states its facts: the workspace, its owner and its Inbox, by the person and without their name or address", async () => {
  const email = newEmail();
  const cookie = cookieOf(await api.signUp({ email, name: "Ada Lovelace" }));
  const me = await (await api.get("/api/v1/me", { cookie })).json();
  const { id: user_id, workspace_id } = me;
  const rows = await api.sql<{ payload: unknown }[]>`
    select payload from api.outbox where key = ${workspace_id} order by id`;
  const parsed = rows.map(({ payload }) => parseEvent(payload));
  const by = { workspaceid: workspace_id, source: "/rondo/api", actorid: user_id, actortype: "user" };
  const [project] = await api.sql<Project[]>`select * from api.project where workspace_id = ${workspace_id}`;
  const known = (event: object) => ({ ok: true, known: true, event: { ...by, ...event } });
  expect(parsed).toMatchObject([
    known({
      type: "workspace.created.v1",
      subject: workspace_id,
      data: { workspace: { id: workspace_id, name: "Personal", personal: true } },
    }),
    known({
      type: "workspace.member_added.v1",
      data: { member: { workspace_id, user_id, role: "owner" }, changes: { role: [null, "owner"] } },
    }),
    known({
      type: "project.created.v1",
      subject: project?.id,
      data: project && { project: projectEventData(project) },
    }),
  ]);
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`Lovelace|${email}`));
});

test("the person, the password, the workspace and its Inbox are made together or not at all", async () => {
  const email = newEmail();
  await api.sql`alter table api.project add constraint no_inbox check (not is_inbox) not valid`;
  const answer = await api.signUp({ email });
  await api.sql`alter table api.project drop constraint no_inbox`;
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(await api.sql`select 1 from api."user" where email = ${email}`).toHaveLength(0);
  expect(
    await api.sql`select 1 from api.workspace w where not exists (
    select 1 from api.member where workspace_id = w.id)`,
  ).toHaveLength(0);
  expect((await api.signUp({ email })).status).toBe(200);
});

test("the password is stored as argon2id and never plainly", async () => {
  const { id } = await api.member();
  const [account] = await api.sql<{ password: string }[]>`select password from api.account where user_id = ${id}`;
  expect(account?.password).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
});

test("one mailbox is one account, however it is written", async () => {
  const email = newEmail();
  await api.signUp({ email });
  const again = await api.signUp({ email: `  ${email.toUpperCase()} ` });
  expect(await again.json()).toEqual({ user: { name: "Ada", email } });
  expect(await api.sql`select 1 from api."user" where email = ${email}`).toHaveLength(1);
});

test("the same password typed on another keyboard signs in (NFKC)", async () => {
  const email = newEmail();
  await api.signUp({ email, password: "caf\u00e9 \ufb01ne password" });
  expect((await api.signIn(email, { password: "cafe\u0301 fine password" })).status).toBe(200);
});

test("many sign-ups with one address at once make one account, and all answers look alike", async () => {
  const email = newEmail();
  const answers = await Promise.all(Array.from({ length: 6 }, () => api.signUp({ email })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await api.sql`select 1 from api."user" where email = ${email}`).toHaveLength(1);
});

describe("bad input is refused with a pointer at each wrong field:", () => {
  const wrong: [string, object, string[]][] = [
    [
      "everything missing",
      { name: undefined, email: undefined, password: undefined },
      ["/email", "/name", "/password"],
    ],
    ["an e-mail that is none", { email: "ada" }, ["/email"]],
    ["an e-mail with a header in it", { email: "ada@example.org\r\nBcc: all@example.org" }, ["/email"]],
    ["an e-mail that is too long", { email: `${"a".repeat(250)}@example.org` }, ["/email"]],
    ["an e-mail with two dots", { email: "a..b@example.org" }, ["/email"]],
    ["a short password", { password: "7 chars" }, ["/password"]],
    ["a long password", { password: "x".repeat(129) }, ["/password"]],
    ["a password that is a number", { password: 12345678 }, ["/password"]],
    ["an empty name", { name: "  " }, ["/name"]],
    ["a name that reads backwards", { name: "Ada\u202e" }, ["/name"]],
    ["a name with a NUL", { name: "A\0da" }, ["/name"]],
    [
      "unknown fields",
      { role: "owner", workspace_id: "x", emailVerified: true },
      ["/emailVerified", "/role", "/workspace_id"],
    ],
  ];
  for (const [what, changes, pointers] of wrong) {
    test(what, async () => {
      const answer = await api.signUp(changes);
      expect(answer.status).toBe(422);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect((await problemOf(answer)).errors.map(({ pointer }) => pointer).toSorted()).toEqual(pointers);
    });
  }

  test("a password that is the e-mail address", async () => {
    const email = newEmail();
    const answer = await api.signUp({ email, password: email.toUpperCase() });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).errors).toEqual([
      { pointer: "/password", detail: "Choose a password that is not your e-mail address." },
    ]);
  });

  test("no answer repeats the password", async () => {
    const secret = `${"s3cr3t".repeat(30)}`;
    expect(await (await api.signUp({ password: secret, email: "x" })).text()).not.toContain("s3cr3t");
  });
});

describe("a sign-up does not tell whether the account exists:", () => {
  const looks = async (answer: Response) => ({
    status: answer.status,
    headers: [...answer.headers.keys()].toSorted(),
    cookies: answer.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]*/, (value) => `=${value.length}`)),
    body: Object.keys((await answer.json()) as object),
  });
  const aCookie =
    /^rondo_session=[A-Za-z0-9]{32}\.[A-Za-z0-9%]{44,}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/;

  test("the answers have the same status, headers, cookie and shape", async () => {
    const email = newEmail();
    const fresh = await api.signUp({ email });
    const existing = await api.signUp({ email, password: "another password" });
    for (const answer of [fresh, existing]) expect(answer.headers.get("set-cookie")).toMatch(aCookie);
    const [one, two] = [await looks(fresh), await looks(existing)];
    expect({ ...one, cookies: [] }).toEqual({ ...two, cookies: [] });
  });

  test("the cookie for an existing account opens nothing, and changes nothing for its owner", async () => {
    const { email, cookie } = await api.member();
    const attacker = await api.signUp({ email, name: "Mallory", password: "another password" });
    expect((await api.get("/api/v1/me", { cookie: cookieOf(attacker) })).status).toBe(401);
    const me = await (await api.get("/api/v1/me", { cookie })).json();
    expect(me).toMatchObject({ name: "Ada", email });
    expect((await api.signIn(email, { password: "another password" })).status).toBe(401);
    expect((await api.signIn(email)).status).toBe(200);
  });

  test("who has the password is signed in", async () => {
    const { email, id } = await api.member();
    const again = await api.signUp({ email, password });
    expect(await (await api.get("/api/v1/me", { cookie: cookieOf(again) })).json()).toMatchObject({ id });
  });
});
