import type { Person } from "@rondo/testing";

/** What the writers were told. */
export interface Written {
  /** By workspace: the numbers of the tasks whose creation was answered with 201, in the order in which they were written. */
  readonly acknowledged: ReadonlyMap<string, number[]>;
  /** Other answers by their status, and connections that failed by how, with how often. */
  readonly others: ReadonlyMap<number | string, number>;
  /** Of any answer, in milliseconds. */
  readonly slowest_ms: number;
}

export interface Writing {
  readonly written: Written;
  readonly count: () => number;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<Written>;
}

export interface WritingOptions {
  readonly people: readonly Person[];
  /** Where the next task is to be created. */
  readonly at: () => string;
  /** All together; as fast as they can unless told. */
  readonly perSecond?: number;
}

/** Longer than any service waits for what it depends on. */
const deadlineMs = 20_000;
/** After a connection that failed: somebody is away. */
const pauseMs = 100;

/** Each person creates tasks one after the other, with a number for a title: so the order of a workspace's events is known. */
export function startWriting({ people, at, perSecond = Number.POSITIVE_INFINITY }: WritingOptions): Writing {
  const acknowledged = new Map(people.map((person) => [person.workspace_id, [] as number[]]));
  const others = new Map<number | string, number>();
  const written = { acknowledged, others, slowest_ms: 0 };
  const everyMs = (people.length / perSecond) * 1_000;
  const begun = performance.now();
  let stopped = false;
  const write = async (person: Person, place: number): Promise<void> => {
    const first = begun + (place / people.length) * everyMs;
    for (let number = 0; !stopped; number += 1) {
      const wait = first + number * everyMs - performance.now();
      if (wait > 0) await Bun.sleep(wait);
      const since = performance.now();
      const status = await createTask(at(), person, String(number));
      written.slowest_ms = Math.max(written.slowest_ms, performance.now() - since);
      if (status === 201) acknowledged.get(person.workspace_id)?.push(number);
      else others.set(status, (others.get(status) ?? 0) + 1);
      if (typeof status === "string") await Bun.sleep(pauseMs);
    }
  };
  const writing = Promise.all(people.map(write));
  return {
    written,
    count: () => countOf(written),
    async stop() {
      stopped = true;
      await writing;
      return written;
    },
  };
}

export const countOf = ({ acknowledged }: Written): number =>
  [...acknowledged.values()].reduce((sum, numbers) => sum + numbers.length, 0);

/** Answers other than 201, in words. */
export function othersOf({ others }: Written): string {
  const said = [...others].map(([status, times]) => `${times} × ${status}`);
  return said.length === 0 ? "" : `; ${said.join(", ")}`;
}

/** @returns the status of the answer, or the code of the error of a connection */
export async function createTask(origin: string, { token, inbox_id }: Person, title: string): Promise<number | string> {
  try {
    const answer = await fetch(`${origin}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ title, project_id: inbox_id }),
      signal: AbortSignal.timeout(deadlineMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
