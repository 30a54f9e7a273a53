import type { Person } from "@rondo/testing";
import { waitFor } from "@rondo/testing";
import { type Member, origin } from "@rondo/testing/cluster";
import { expectStatus } from "./smoke.ts";

const json = { "content-type": "application/json" };

/** Makes a task, straight through the api. */
export async function createTask(api: Member, { token }: Person, title: string): Promise<void> {
  const headers = { ...json, authorization: `Bearer ${token}` };
  await expectStatus(201, `${api.url}/api/v1/tasks`, { method: "POST", headers, body: JSON.stringify({ title }) });
}

/** The titles of all tasks that the trail saw being made. */
export async function readTrail(audit: Member, { token }: Person): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${token}` };
  const titles: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ limit: "200", ...(cursor && { cursor }) });
    const text = await expectStatus(200, `${audit.url}/api/v1/audit?${query}`, { headers });
    const page = JSON.parse(text) as { items: { changes: { title?: [null, string] } }[]; next_cursor: string | null };
    titles.push(...page.items.flatMap(({ changes }) => (changes.title ? [changes.title[1]] : [])));
    cursor = page.next_cursor;
  }
  return titles;
}

/** Several clients, each one thing after the other. */
export interface Load<T> {
  /** What came of it, in order. */
  readonly done: readonly T[];
  /** Resolves when so much more is done. */
  more(count: number): Promise<void>;
  end(): Promise<void>;
}

export function startLoad<T>(...clients: readonly ((count: number) => Promise<T>)[]): Load<T> {
  const done: T[] = [];
  let going = true;
  const running = clients.map(async (act) => {
    while (going) done.push(await act(done.length));
  });
  return {
    done,
    async more(count) {
      const wanted = done.length + count;
      const all = Promise.all(running);
      const enough = waitFor(() => done.length >= wanted, { what: "more of the load" });
      await Promise.race([enough, all]);
    },
    async end() {
      going = false;
      await Promise.all(running);
    },
  };
}

/** A page and a form of the web tier; each answers its status. */
export function browsing(web: Member, { cookie, inbox_id }: Person) {
  const headers = { cookie, origin };
  const ask = async (path: string, init: RequestInit): Promise<number> => {
    const answer = await fetch(`${web.url}${path}`, { headers, redirect: "manual", ...init });
    await answer.text();
    return answer.status;
  };
  return {
    page: () => ask("/inbox", {}),
    form: () =>
      ask("/tasks", { method: "POST", body: new URLSearchParams({ title: "under load", project_id: inbox_id }) }),
  };
}
