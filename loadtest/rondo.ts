import { join } from "node:path";
import type { Program } from "@rondo/testing";
import { spawnProgram, waitFor } from "@rondo/testing";

/** A running Rondo to measure, and somebody signed up in it. */
export interface RunningRondo extends AsyncDisposable {
  readonly origin: string;
  readonly admin: string;
  readonly pid: number;
  readonly program: Program;
  /** Milliseconds from start to the first answered request, PostgreSQL being there already. */
  readonly ready_ms: number;
  readonly person: Person;
}

export interface Person {
  readonly cookie: string;
  readonly token: string;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly inbox_id: string;
}

/** Starts the compiled executable against a PostgreSQL that is there, in a data folder of its own. */
export async function startRondo(executable: string, databaseUrl: string, folder: string): Promise<RunningRondo> {
  const started = performance.now();
  const program = spawnProgram([executable], {
    cwd: folder,
    env: {
      DATABASE_URL: databaseUrl,
      RONDO_DATA_DIR: join(folder, "rondo"),
      RONDO_PORT: "0",
      RONDO_ADMIN_PORT: "0",
      RONDO_LOG_LEVEL: "warning",
      RONDO_STREAMS_PER_USER: "2000",
    },
  });
  const [, origin = ""] = await program.line(/Rondo is ready: (http:\/\/\S+)/);
  const [, admin = ""] = await program.line(/admin: (http:\/\/\S+)/);
  await waitFor(async () => (await fetch(`${admin}/readyz`)).ok, { what: "Rondo to be ready", everyMs: 2 });
  const ready_ms = performance.now() - started;
  return {
    origin,
    admin,
    pid: program.pid,
    program,
    ready_ms,
    person: await signUp(origin),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** Signs somebody up and makes them a token for everything. */
export async function signUp(origin: string, name = "Bench"): Promise<Person> {
  const answer = await call(`${origin}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ name, email: `${crypto.randomUUID()}@example.org`, password: crypto.randomUUID() }),
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const made = await call(`${origin}/api/v1/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie, origin },
    body: JSON.stringify({ name: "bench", scopes: ["tasks:read", "tasks:write"] }),
  });
  const { token } = (await made.json()) as { token: string };
  const authorization = `Bearer ${token}`;
  const me = (await (await call(`${origin}/api/v1/me`, { headers: { authorization } })).json()) as {
    id: string;
    workspace_id: string;
  };
  const projects = (await (await call(`${origin}/api/v1/projects`, { headers: { authorization } })).json()) as {
    items: { id: string; is_inbox: boolean }[];
  };
  const inbox = projects.items.find((project) => project.is_inbox);
  if (inbox === undefined) throw new Error("the new workspace has no Inbox");
  return { cookie, token, user_id: me.id, workspace_id: me.workspace_id, inbox_id: inbox.id };
}

async function call(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
