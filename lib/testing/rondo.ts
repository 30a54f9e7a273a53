import { join } from "node:path";
import { requestsPerMinute } from "./instance.ts";
import { type Program, spawnProgram } from "./program.ts";
import { waitFor } from "./wait_for.ts";

const root = join(import.meta.dir, "../..");

export interface RondoOptions {
  /** Its data folder, and with it its PostgreSQL unless `env` names another one. */
  readonly dataDir: string;
  /** An executable to run instead of the source. */
  readonly executable?: string;
  /** Where it is started; the repository, unless an executable shall stand alone. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** All of Rondo in one process, running. */
export interface RunningRondo extends AsyncDisposable {
  readonly program: Program;
  readonly pid: number;
  /** As a browser has it. */
  readonly origin: string;
  readonly admin: string;
  /** From the start to the moment when it said that it was ready, in milliseconds. */
  readonly ready_ms: number;
}

/** Starts `standalone` on free ports and waits until it is ready. */
export async function startRondo({ dataDir, executable, cwd = root, env = {} }: RondoOptions): Promise<RunningRondo> {
  const command = executable === undefined ? [process.execPath, join(root, "svc/standalone/main.ts")] : [executable];
  const started = performance.now();
  const program = spawnProgram(command, {
    cwd,
    env: {
      RONDO_DATA_DIR: dataDir,
      RONDO_PORT: "0",
      RONDO_ADMIN_PORT: "0",
      RONDO_LOG_LEVEL: "warning",
      RONDO_REQUESTS_PER_MINUTE: requestsPerMinute,
      ...env,
    },
  });
  const [, origin = "", admin = ""] = await program.line(/Rondo is ready: (\S+) · admin: (\S+)/);
  const ready_ms = performance.now() - started;
  await waitFor(async () => (await fetch(`${admin}/readyz`)).ok, { what: "Rondo to be ready", everyMs: 2 });
  return {
    program,
    pid: program.pid,
    origin,
    admin,
    ready_ms,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** Somebody who has signed up, with a session, an API token for tasks and an Inbox. */
export interface Person {
  readonly cookie: string;
  readonly token: string;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly inbox_id: string;
}

/**
 * @param site the origin that browsers have, where it is not the address that answers
 * @param address the client's, for a service that believes who calls: the limits of sign-up count by it
 */
export async function signUp(origin: string, name = "Ada", site = origin, address?: string): Promise<Person> {
  const json = { "content-type": "application/json", origin: site, ...(address && { "x-forwarded-for": address }) };
  const account = { name, email: `${crypto.randomUUID()}@example.org`, password: crypto.randomUUID() };
  const answer = await call(`${origin}/api/auth/sign-up/email`, {
    method: "POST",
    headers: json,
    body: JSON.stringify(account),
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const asked = { name: "test", scopes: ["tasks:read", "tasks:write"] };
  const { token } = await read<{ token: string }>(`${origin}/api/v1/tokens`, {
    method: "POST",
    headers: { ...json, cookie },
    body: JSON.stringify(asked),
  });
  const headers = { authorization: `Bearer ${token}` };
  const me = await read<{ id: string; workspace_id: string }>(`${origin}/api/v1/me`, { headers });
  const projects = await read<{ items: { id: string; is_inbox: boolean }[] }>(`${origin}/api/v1/projects`, { headers });
  const inbox = projects.items.find((project) => project.is_inbox);
  if (inbox === undefined) throw new Error("the new workspace has no Inbox");
  return { cookie, token, user_id: me.id, workspace_id: me.workspace_id, inbox_id: inbox.id };
}

async function read<T>(url: string, init: RequestInit): Promise<T> {
  return (await (await call(url, init)).json()) as T;
}

async function call(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
