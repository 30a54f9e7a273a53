import type { Delivery, EnvelopeSubscription, Outcome } from "@rondo/bus";
import { done, reasonOf, refused } from "@rondo/bus";
import { type Database, mapDatabaseError, type Sql } from "@rondo/db";
import type { AnyEvent } from "@rondo/event";
import { entryOf, type NewEntry } from "./entry.ts";
import { insertEntries, isMissingPart, lookAgainForParts, openMonths } from "./queries.ts";

export interface RecordDeps {
  readonly db: Database;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

/** Writes every fact into the trail, also of types that this program does not know. An event that comes again finds its entry there. */
export function auditSubscription(deps: RecordDeps): EnvelopeSubscription {
  const handle = (deliveries: readonly Delivery<AnyEvent>[]) =>
    recordEvents(
      deps,
      deliveries.map(({ event }) => event),
    );
  return { topic: "task-events", group: "audit", types: ["*"], reads: "envelope", batchSize: 250, handle };
}

/** A whole batch at once. When one of its events cannot be stored, each has its own try, so that it fails for itself only. */
export async function recordEvents(deps: RecordDeps, events: readonly AnyEvent[]): Promise<readonly Outcome[]> {
  const entries = events.map((event) => entryOf(event, deps.newId()));
  try {
    await insertEntries(deps.db.sql, entries.filter(isEntry));
  } catch (error) {
    if (!blamesData(error)) throw error;
    return await oneByOne(deps, entries);
  }
  return entries.map((entry) => (entry === undefined ? noFact : done));
}

const noFact: Outcome = refused("this event states no fact");

async function oneByOne({ db }: RecordDeps, entries: readonly (NewEntry | undefined)[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const entry of entries) outcomes.push(entry === undefined ? noFact : await recordOne(db.sql, entry));
  return outcomes;
}

/** Its month may be the first to be missing: a part of the trail is made for it, unless there can be none. */
async function recordOne(sql: Sql, entry: NewEntry): Promise<Outcome> {
  try {
    const [closed] = await openMonths(sql, [entry.time]);
    if (closed !== undefined) return refused(closed.reason);
    await insertOpen(sql, entry);
    return done;
  } catch (error) {
    if (!blamesData(error) || isMissingPart(error)) throw error;
    return refused(reasonOf(error));
  }
}

/**
 * Inserts into a month that is open. Seen once, on a busy machine: two replicas met at the first event of a month, and one went on not to
 * know the part that the other had made. That says nothing of the event, so the session is told to look again.
 */
async function insertOpen(sql: Sql, entry: NewEntry): Promise<void> {
  try {
    await insertEntries(sql, [entry]);
  } catch (error) {
    if (!isMissingPart(error)) throw error;
    await lookAgainForParts(sql);
    await insertEntries(sql, [entry]);
  }
}

/** Whether trying again as it is would fail again. What is away, or in each other's way, is tried again by the bus. */
function blamesData(error: unknown): boolean {
  return mapDatabaseError(error)?.kind === "invalid";
}

function isEntry(entry: NewEntry | undefined): entry is NewEntry {
  return entry !== undefined;
}
