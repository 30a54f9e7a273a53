import type { Changed } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import type { Changes, Decision, Refusal } from "@rondo/task";

export interface Attempt<T> {
  /** Reads the thing. @throws Problem `not_found` */
  read(): Promise<T>;
  decide(current: T): Decision<T> | Promise<Decision<T>>;
  /** Writes if the thing is still as it was read; answers the operation's id, undefined when someone else was first. */
  write(current: T, next: T, changes: Changes<T>): Promise<string | undefined>;
}

/** Each lost race means that somebody else's change succeeded, so this many at once would have to be met in a row. */
const mostTries = 50;

/**
 * Read → decide → write, again while someone else is first. The writer who names a version is told instead.
 * @param version of `If-Match`
 * @throws Problem `stale` with the current state, and what the decision refuses
 */
export async function changeThing<T extends { readonly version: number }>(
  attempt: Attempt<T>,
  version: number | undefined,
  show: (value: T) => unknown = (value) => value,
): Promise<Changed<T>> {
  for (let tries = 0; tries < mostTries; tries++) {
    const current = await attempt.read();
    requireVersion(current, version, show);
    const decision = await attempt.decide(current);
    if (decision.kind === "unchanged") return { value: current, operation_id: null };
    if (decision.kind === "refused") throw refused(decision);
    const operation_id = await attempt.write(current, decision.next, decision.changes);
    if (operation_id !== undefined) return { value: decision.next, operation_id };
  }
  throw new Problem("conflict", "Many others change this at the same moment. Try again.", { retryAfterSeconds: 1 });
}

/** @throws Problem `stale` when the thing has another version than the writer builds on */
export function requireVersion<T extends { readonly version: number }>(
  current: T,
  version: number | undefined,
  show: (value: T) => unknown = (value) => value,
): void {
  if (version === undefined || version === current.version) return;
  const detail = `This has version ${current.version} now. Look at "current", then send your change with its ETag.`;
  throw new Problem("stale", detail, { current: show(current) });
}

export function refused({ reason, detail, errors }: Refusal): Problem {
  return new Problem(reason, detail, { errors });
}

export function invalidField(pointer: string, detail: string): Problem {
  return new Problem("invalid", 'One field is not as it must be; see "errors".', { errors: [{ pointer, detail }] });
}
