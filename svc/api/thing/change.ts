import type { Changed } from "@rondo/contract";
import { notFound, Problem } from "@rondo/problem";
import type { Changes, Decision, Refusal } from "@rondo/task";
import type { Deps } from "../deps.ts";
import type { Fact } from "./fact.ts";

/** Which thing, and the version that the writer builds on (`If-Match`). */
export interface One {
  readonly id: string;
  readonly version?: number | undefined;
}

/** How a feature changes a thing of its own. */
export interface Change<T, Shown = T> {
  /** Of `If-Match`. */
  readonly version?: number | undefined;
  read(): Promise<T | undefined>;
  decide(current: T): Decision<T> | Promise<Decision<T>>;
  /** What the change leaves behind; `id` is that of its operation and event. */
  fact(id: string, next: T, changes: Changes<T>): Fact;
  /** Writes if the thing is still as it was read; answers whether it was. */
  write(current: T, next: T, fact: Fact): Promise<boolean>;
  /** The thing as it is answered. */
  show(value: T): Shown;
}

/** Each lost race means that somebody else's change succeeded, so this many at once would have to be met in a row. */
const mostTries = 50;

/**
 * Read → decide → write, again while someone else is first. The writer who names a version is told instead.
 * @throws Problem `not_found`, `stale` with the current state, and what the decision refuses
 */
export async function changeThing<T extends { readonly version: number }, Shown = T>(
  { newId, wakeRelay }: Pick<Deps, "newId" | "wakeRelay">,
  { version, read, decide, fact, write, show }: Change<T, Shown>,
): Promise<Changed<Shown>> {
  for (let tries = 0; tries < mostTries; tries++) {
    const current = await read();
    if (!current) throw notFound();
    if (version !== undefined && version !== current.version) throw stale(current.version, show(current));
    const decision = await decide(current);
    if (decision.kind === "unchanged") return { value: show(current), operation_id: null };
    if (decision.kind === "refused") throw refused(decision);
    const operation_id = newId();
    if (!(await write(current, decision.next, fact(operation_id, decision.next, decision.changes)))) continue;
    wakeRelay();
    return { value: show(decision.next), operation_id };
  }
  throw new Problem("conflict", "Many others change this at the same moment. Try again.", { retryAfterSeconds: 1 });
}

function stale(version: number, current: unknown): Problem {
  const detail = `This has version ${version} now. Look at "current", then send your change with its ETag.`;
  return new Problem("stale", detail, { current });
}

export function refused({ reason, detail, errors }: Refusal): Problem {
  return new Problem(reason, detail, { errors });
}

export function invalidField(pointer: string, detail: string): Problem {
  return new Problem("invalid", 'One field is not as it must be; see "errors".', { errors: [{ pointer, detail }] });
}
