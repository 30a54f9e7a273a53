import {
  createTestDatabase,
  type Person,
  type RunningRondo,
  signUp,
  startRondo,
  type TestDatabase,
  temporaryFolder,
} from "@rondo/testing";

/** All of Rondo in one process on a database of its own, with two people who have nothing to do with each other. */
export interface Site {
  readonly rondo: RunningRondo;
  readonly database: TestDatabase;
  readonly ada: Person;
  readonly eve: Person;
  /** A request to it; a session is used unless `headers` bring a credential. */
  ask(person: Person | undefined, method: string, path: string, request?: Asked): Promise<Answer>;
  /** Drains it, and fails when it does not end well or leaves a connection open. */
  close(): Promise<void>;
}

export interface Asked {
  /** Sent as JSON; texts, bytes and forms as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON, for `expect`. */
  json<T = Problem>(): T;
  /** All that a client sees, without the id and the time that every answer has for itself. */
  readonly seen: { readonly status: number; readonly headers: readonly string[]; readonly text: string };
}

interface Problem {
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

export const authSecret = "a secret of at least thirty-two characters";

export async function startSite(env: Readonly<Record<string, string>> = {}): Promise<Site> {
  const database = await createTestDatabase();
  const settings = { DATABASE_URL: database.url, RONDO_AUTH_SECRET: authSecret, ...env };
  const rondo = await startRondo({ dataDir: temporaryFolder("site"), env: settings });
  const [ada, eve] = await Promise.all([signUp(rondo.origin, "Ada"), signUp(rondo.origin, "Eve")]);
  return {
    rondo,
    database,
    ada,
    eve,
    ask: (person, method, path, { body, headers = {} } = {}) => {
      const sent = new Headers(headers);
      if (person && !sent.has("authorization") && !sent.has("cookie")) sent.set("cookie", person.cookie);
      if (body instanceof URLSearchParams && !sent.has("origin")) sent.set("origin", rondo.origin);
      else if (!(body instanceof URLSearchParams) && !sent.has("content-type"))
        sent.set("content-type", "application/json");
      const raw = typeof body === "string" || body instanceof Blob || body instanceof URLSearchParams;
      const init = body === undefined ? {} : { body: raw ? body : JSON.stringify(body) };
      return askAt(`${rondo.origin}${path}`, { method, redirect: "manual", headers: sent, ...init });
    },
    async close() {
      rondo.program.kill("SIGTERM");
      await rondo.program.expectExit(0);
      await rondo[Symbol.asyncDispose]();
      await database.close();
    },
  };
}

async function askAt(url: string, init: RequestInit): Promise<Answer> {
  const { status, headers, ...answer } = await read(await fetch(url, init));
  const id = headers.get("x-request-id") ?? "no request id";
  const own = new Set(["x-request-id", "date"]);
  const shown = [...headers].filter(([name]) => !own.has(name)).map(([name, value]) => `${name}: ${value}`);
  return {
    status,
    headers,
    text: answer.text,
    json: <T>() => JSON.parse(answer.text) as T,
    seen: { status, headers: shown.sort(), text: answer.text.replaceAll(id, "") },
  };
}

async function read(answer: Response): Promise<{ status: number; headers: Headers; text: string }> {
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The pointers of a problem's errors, sorted. */
export function pointersOf(answer: Answer): readonly string[] {
  return answer
    .json()
    .errors.map(({ pointer }) => pointer)
    .sort();
}
