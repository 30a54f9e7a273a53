import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestDatabase, spawnProgram, type TestDatabase } from "@rondo/testing";

const command = [process.execPath, new URL("main.ts", import.meta.url).pathname];
const origin = "http://rondo.example";
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("the executable serves, asks who is there, says so when it is ready, and stops when told", async () => {
  await using program = spawnProgram(command, {
    env: {
      DATABASE_URL: database.url,
      RONDO_API_URL: "http://127.0.0.1:9",
      RONDO_SERVICE_TOKEN: "what the services show each other, 32 or more",
      RONDO_ORIGIN: origin,
      RONDO_PORT: "0",
      RONDO_ADMIN_PORT: "0",
      RONDO_LOG_FORMAT: "json",
    },
  });
  const [, url = ""] = await program.line(/"url":"([^"]+)"/);
  expect((await fetch(`${url}/sync/events`)).status).toBe(401);
  const cookie = { headers: { cookie: "rondo_session=unknown", host: new URL(origin).host } };
  expect((await fetch(`${url}/sync/events`, cookie)).status).toBe(503);
  program.kill("SIGTERM");
  await program.expectExit(0);
});

test("a wrong environment is said in one line each", async () => {
  await using program = spawnProgram(command, {
    env: { DATABASE_URL: "nonsense", RONDO_API_URL: "http://127.0.0.1:9" },
  });
  await program.expectExit(1);
  expect(program.stderr()).toMatch(/DATABASE_URL.*\n.*RONDO_ORIGIN|RONDO_ORIGIN.*\n.*DATABASE_URL/);
});
