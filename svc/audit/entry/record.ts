import type { Delivery, Outcome, Subscription } from "@rondo/bus";
import { done, eachInOrder, reasonOf, refused } from "@rondo/bus";
import { type Database, mapDatabaseError } from "@rondo/db";
import { entryOf, type NewEntry } from "./entry.ts";
import { consumer, insertEntries } from "./queries.ts";

export interface RecordDeps {
  readonly db: Database;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

/** Writes every fact about tasks and projects into the trail. */
export function auditSubscription(deps: RecordDeps): Subscription {
  return { topic: "task-events", group: consumer, batchSize: 250, handle: (deliveries) => record(deps, deliveries) };
}

/** A whole batch at once. When one of its events cannot be stored, each has its own try, so that it fails for itself only. */
async function record(deps: RecordDeps, deliveries: readonly Delivery[]): Promise<readonly Outcome[]> {
  const entries = deliveries.map(({ event }) => entryOf(event, deps.newId()));
  try {
    await insertEntries(deps.db.sql, entries.filter(isEntry));
  } catch (error) {
    if (!blamesData(error)) throw error;
    return await eachInOrder((delivery) => recordOne(deps, delivery))(deliveries);
  }
  return entries.map((entry) => (entry === undefined ? noFact : done));
}

const noFact: Outcome = refused("not a fact about a task or project");

async function recordOne({ db, newId }: RecordDeps, { event }: Delivery): Promise<Outcome> {
  const entry = entryOf(event, newId());
  if (entry === undefined) return noFact;
  try {
    await insertEntries(db.sql, [entry]);
    return done;
  } catch (error) {
    if (!blamesData(error)) throw error;
    return refused(reasonOf(error));
  }
}

/** Whether trying again would fail again. What is away, or in each other's way, is tried again by the bus. */
function blamesData(error: unknown): boolean {
  return mapDatabaseError(error)?.kind === "invalid";
}

function isEntry(entry: NewEntry | undefined): entry is NewEntry {
  return entry !== undefined;
}
