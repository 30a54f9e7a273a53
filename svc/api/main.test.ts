import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestDatabase, spawnProgram, type TestDatabase, waitFor } from "@rondo/testing";

const command = [process.execPath, new URL("main.ts", import.meta.url).pathname];
const settings = {
  RONDO_AUTH_SECRET: "a secret of thirty-two characters",
  RONDO_SERVICE_TOKEN: "what the services show each other, 32 or more",
  RONDO_PORT: "0",
  RONDO_ADMIN_PORT: "0",
  RONDO_ORIGIN: "http://rondo.example",
  RONDO_LOG_FORMAT: "json",
};
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("the executable migrates, serves a person from sign-up to a task, hands its event to the bus, and stops when told", async () => {
  await using program = spawnProgram(command, { env: { ...settings, DATABASE_URL: database.url } });
  const [, url = ""] = await program.line(/"url":"([^"]+)"/);
  const origin = settings.RONDO_ORIGIN;
  const headers = { "content-type": "application/json", origin, host: new URL(origin).host };
  const account = { name: "Ada", email: "ada@example.org", password: "correct horse battery staple" };
  const signUp = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers,
    body: JSON.stringify(account),
  });
  const cookie = signUp.headers
    .getSetCookie()
    .map((each) => each.split(";")[0] ?? "")
    .join("; ");
  const made = await fetch(`${url}/api/v1/tasks`, {
    method: "POST",
    headers: { ...headers, cookie },
    body: JSON.stringify({ title: "Buy milk" }),
  });
  expect(made.status).toBe(201);
  const published = async () => {
    const rows = await database.sql`select from api.outbox`;
    return rows.length === 0;
  };
  await waitFor(published, { what: "the relay to empty the outbox" });
  program.kill("SIGTERM");
  await program.expectExit(0);
});

test("what the api does by itself is done from its start on, and in local mode the bus's log is kept short too", async () => {
  await using program = spawnProgram(command, { env: { ...settings, DATABASE_URL: database.url } });
  await program.line(/"url":"([^"]+)"/);
  const turns = async () => {
    const rows = await database.sql<
      { name: string }[]
    >`select name from scheduler.run where holder is null order by name`;
    return rows.map(({ name }) => name).join();
  };
  const all = "every:api-bin,every:api-trim,every:bus-trim,every:scheduler-trim";
  await waitFor(async () => (await turns()) === all, { what: all });
  program.kill("SIGTERM");
  await program.expectExit(0);
});

test("a wrong environment is said in one line each", async () => {
  await using program = spawnProgram(command, { env: { DATABASE_URL: "nonsense", RONDO_AUTH_SECRET: "short" } });
  await program.expectExit(1);
  expect(program.stderr()).toContain("DATABASE_URL");
  expect(program.stderr()).toContain("RONDO_AUTH_SECRET");
});
