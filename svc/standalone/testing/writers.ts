import type { Person } from "@rondo/testing";

/** A status; or nobody took the connection, so nothing was sent; or it broke before the whole answer was there. */
export type Outcome = number | "refused" | "cut";

/** What the writers were told, and what they sent. */
export interface Written {
  /** Ids of the tasks whose creation was acknowledged. */
  readonly acknowledged: Set<string>;
  /** What else came of a request, with how often. */
  readonly others: Map<Outcome, number>;
}

export interface Writers {
  readonly written: Written;
  stop(): Promise<void>;
}

/** So many clients that create tasks one after the other until they are stopped; a failed one goes on with the next task. */
export function startWriters(origin: string, person: Person, count: number): Writers {
  const written: Written = { acknowledged: new Set(), others: new Map() };
  let stopped = false;
  const write = async (number: number): Promise<void> => {
    for (let made = 0; !stopped; made++) {
      const status = await createTask(origin, person, `Task ${made} of writer ${number}`, written.acknowledged);
      if (status !== 201) written.others.set(status, (written.others.get(status) ?? 0) + 1);
    }
  };
  const writing = Promise.all(Array.from({ length: count }, (_, number) => write(number)));
  return {
    written,
    stop: async () => {
      stopped = true;
      await writing;
    },
  };
}

async function createTask(
  origin: string,
  { token, inbox_id }: Person,
  title: string,
  acknowledged: Set<string>,
): Promise<Outcome> {
  try {
    const answer = await fetch(`${origin}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ title, project_id: inbox_id }),
    });
    if (answer.status === 201) acknowledged.add(((await answer.json()) as { id: string }).id);
    else await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ECONNREFUSED" ? "refused" : "cut";
  }
}

/** Every page of a collection. */
export async function readAll<T>(url: string, { token }: Person): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page = new URL(url);
    page.searchParams.set("limit", "200");
    if (cursor !== null) page.searchParams.set("cursor", cursor);
    const answer = await fetch(page, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${page.pathname}: ${answer.status} ${await answer.text()}`);
    const { items: some, next_cursor } = (await answer.json()) as { items: T[]; next_cursor: string | null };
    items.push(...some);
    cursor = next_cursor;
  } while (cursor !== null);
  return items;
}
