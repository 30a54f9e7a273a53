import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { runningUrl } from "@rondo/embedded_postgres";
import { type Person, type RunningRondo, signUp, startRondo, temporaryFolder, waitFor } from "@rondo/testing";
import { ops } from "../kafka.fixture.ts";

let rondo: RunningRondo;
let dataDir: string;
let db: Database;
beforeAll(async () => {
  dataDir = temporaryFolder("users");
  rondo = await startRondo({ dataDir });
  db = connect({ url: runningUrl(dataDir), name: "users test", max: 1 });
});
afterAll(async () => {
  await db.close();
  await rondo[Symbol.asyncDispose]();
});

const run = (line: string) => ops(line, { RONDO_DATA_DIR: dataDir });
const json = async (line: string) => {
  const { code, output, complaint } = await run(`${line} --json`);
  return { code, complaint, answer: output === "" ? undefined : JSON.parse(output) };
};
const find = async ({ user_id }: Person) => {
  const { users } = (await json("users list")).answer;
  return users.find(({ id }: { id: string }) => id === user_id);
};
const statuses = async ({ cookie, token }: Person) => {
  const ask = (headers: Record<string, string>) => fetch(`${rondo.origin}/api/v1/me`, { headers });
  const answers = await Promise.all([ask({ cookie }), ask({ authorization: `Bearer ${token}` })]);
  return answers.map(({ status }) => status).join();
};
const signIn = async (email: string, password: string) => {
  const answer = await fetch(`${rondo.origin}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: rondo.origin },
    body: JSON.stringify({ email, password }),
  });
  return { status: answer.status, detail: ((await answer.json()) as { detail?: string }).detail };
};

test("users are listed with their sessions and tokens; signing one out ends these, of them alone", async () => {
  const [ada, eve] = [await signUp(rondo.origin), await signUp(rondo.origin, "Eve")];
  expect(await find(ada)).toMatchObject({ name: "Ada", sessions: 1, api_tokens: 1, disabled_at: null });
  expect(await statuses(ada)).toBe("200,200");
  expect((await json(`users sign-out ${ada.user_id}`)).answer).toMatchObject({ ok: true, sessions: 1, api_tokens: 1 });
  await waitFor(async () => (await statuses(ada)) === "401,401", { what: "the credentials to end" });
  expect(await find(ada)).toMatchObject({ sessions: 0, api_tokens: 0 });
  expect(await statuses(eve)).toBe("200,200");
});

test("a new password is printed and counts at once; the sessions and tokens of before have ended", async () => {
  const ada = await signUp(rondo.origin);
  const { email } = await find(ada);
  const { answer } = await json(`users reset-password ${email.toUpperCase()}`);
  expect(answer.password).toHaveLength(20);
  await waitFor(async () => (await statuses(ada)) === "401,401", { what: "the credentials to end" });
  expect((await signIn(email, answer.password)).status).toBe(200);
  expect((await run(`users reset-password ${email}`)).output).toMatch(/new password: \S{20}\n$/);
  expect((await signIn(email, answer.password)).status).toBe(401);
});

test("a disabled user cannot sign in, and is told what a wrong password is told; an enabled one can again", async () => {
  const ada = await signUp(rondo.origin);
  const { email } = await find(ada);
  const { password } = (await json(`users reset-password ${email}`)).answer;
  expect((await signIn(email, password)).status).toBe(200);
  expect((await json(`users disable ${email}`)).answer).toMatchObject({ ok: true, disabled: true, sessions: 1 });
  expect(await find(ada)).toMatchObject({ sessions: 0, disabled_at: expect.any(String) });
  expect(await signIn(email, password)).toEqual(await signIn(email, "not this one"));
  expect(await find(ada)).toMatchObject({ sessions: 0 });
  expect((await json(`users enable ${email}`)).code).toBe(0);
  expect((await signIn(email, password)).status).toBe(200);
});

test("the last owner of a workspace that others work in cannot be disabled", async () => {
  const [ada, eve] = [await signUp(rondo.origin), await signUp(rondo.origin, "Eve")];
  const join = (role: string) => db.sql`
    insert into api.member (id, workspace_id, user_id, role, created_at)
    values (api.new_id(), ${ada.workspace_id}, ${eve.user_id}, ${role}, now())
    on conflict (user_id, workspace_id) do update set role = excluded.role`;
  await join("member");
  expect(await run(`users disable ${ada.user_id}`)).toMatchObject({
    code: 1,
    complaint: expect.stringContaining("is the last owner of"),
  });
  expect(await find(ada)).toMatchObject({ disabled_at: null, sessions: 1 });
  await join("owner");
  expect((await run(`users disable ${ada.user_id}`)).code).toBe(0);
  expect((await run(`users disable ${eve.user_id}`)).code).toBe(1);
});

test("somebody who is not there, or nobody in particular, is said in one line", async () => {
  expect(await run("users disable nobody@example.org")).toMatchObject({
    code: 1,
    complaint: "rondo-ops: there is no user nobody@example.org\n",
  });
  for (const line of ["users disable", "users sign-out a b", "users"]) expect((await run(line)).code).toBe(2);
});
