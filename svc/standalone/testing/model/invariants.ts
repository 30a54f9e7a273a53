/** What product.md promises, as far as it can be looked at from outside once everything has come to rest. */

import { outboxState } from "@rondo/outbox";
import type { Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import { holds } from "./holds.ts";
import { type Change, type Model, type Person, pick } from "./model.ts";
import { versionOf } from "./publications.ts";
import { checkHistories } from "./replayed.ts";
import { talliesOf } from "./tally.ts";
import type { World } from "./world.ts";

interface Entry {
  readonly id: string;
  readonly event_id: string;
}

/** After each step. */
export function checkStep(model: Model, world: World): void {
  world.publications.check(model, world.bus);
}

/** When nothing is under way any more. */
export async function checkAtRest(model: Model, world: World): Promise<void> {
  const { depth, refused } = await outboxState(world.stage.database.sql, "api");
  holds("at rest nothing is in the outbox", { depth, refused }, { depth: 0, refused: 0 });
  checkEvents(model, world);
  const readers = model.workspaces.map(({ id }) => {
    const people = model.people.filter(({ workspace_id }) => workspace_id === id);
    return pick(people, model.changes.length);
  });
  await Promise.all(
    readers.flatMap((reader) => [
      checkTasks(model, world, reader),
      checkTrail(world, reader),
      checkEffects(world, reader.workspace_id),
      checkStranger(model, world, reader),
    ]),
  );
  checkHistories(model, world.publications.of("task-events"));
}

function checkEvents({ changes }: Model, { publications }: World): void {
  const made = (change: Change) => `${change.subject_id} ${change.version}`;
  for (const topic of ["task-events", "task-updates"] as const) {
    const events = publications.of(topic).map((event) => `${event.subject} ${versionOf(event)}`);
    holds(`every change has exactly one event on ${topic}`, events.toSorted(), changes.map(made).toSorted());
  }
  const slim = publications.of("task-updates").map(({ data }) => Object.keys(data).sort().join());
  holds("a live signal never has content", new Set(slim).size <= 1 && !slim.join().includes("title"), true);
}

async function checkTasks(model: Model, { stage }: World, reader: Person): Promise<void> {
  const answer = await stage.ask(reader, "GET", "/tasks?status=all&limit=200");
  const tasks = answer.json<{ items: readonly Task[] }>().items.map(({ position: _, ...task }) => task);
  const own = model.tasks.filter(({ workspace_id }) => workspace_id === reader.workspace_id);
  holds("each workspace has its tasks, as they were acknowledged", byId(tasks), byId(own));
}

async function checkTrail({ stage, publications }: World, reader: Person): Promise<void> {
  const answer = await stage.ask(reader, "GET", "/audit?limit=200");
  const { items, next_cursor } = answer.json<{ items: readonly Entry[]; next_cursor: string | null }>();
  holds("an interleaving has fewer entries than a page", next_cursor, null);
  const facts = publications.of("task-events").filter(({ workspaceid }) => workspaceid === reader.workspace_id);
  const expected = facts.map((event) => ({
    id: event.id,
    event_id: event.id,
    type: event.type,
    time: event.time,
    actor_id: event.actorid,
    actor_type: event.actortype,
    task_id: "task" in event.data ? event.data.task.id : null,
    project_id: "task" in event.data ? event.data.task.project_id : event.subject,
    changes: "changes" in event.data ? event.data.changes : {},
  }));
  const entries = items.map((entry) => ({ ...entry, id: entry.event_id }));
  holds("the trail has exactly one entry for each change of its workspace", byId(entries), byId(expected));
}

async function checkEffects({ stage, publications }: World, workspaceId: string): Promise<void> {
  const own = publications.of("task-events").filter(({ workspaceid }) => workspaceid === workspaceId);
  const once = Object.fromEntries(own.map(({ id }) => [id, 1]));
  const tallies = Object.fromEntries(await talliesOf(stage.database, workspaceId));
  holds("however often it is delivered, an event has its effect once", tallies, once);
}

/** Somebody else's thing is answered, byte for byte, as one that does not exist. */
async function checkStranger(model: Model, { stage }: World, stranger: Person): Promise<void> {
  const task = model.tasks.find(({ workspace_id }) => workspace_id !== stranger.workspace_id);
  if (task === undefined) return;
  const ask = async (path: string): Promise<object> => {
    const { status, headers, text } = await stage.ask(stranger, "GET", path);
    return { status, text: text.replaceAll(headers.get("x-request-id") ?? "no id", "") };
  };
  for (const path of ["/tasks/", "/audit?task_id="]) {
    const [theirs, missing] = await Promise.all([ask(path + task.id), ask(path + newId())]);
    holds("nobody learns of another workspace's task", theirs, missing);
  }
}

function byId<T extends { readonly id: string }>(things: readonly T[]): readonly T[] {
  return things.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
