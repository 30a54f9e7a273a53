import { type CloudEvent, parseEvent, signalOf, type Topic } from "@rondo/event";
import type { BusDouble } from "./bus_double.ts";
import type { Published } from "./group.ts";
import { holds } from "./holds.ts";
import type { Model } from "./model.ts";

/** What was published so far, each event once, held against the changes that were made. */
export class Publications {
  readonly #first: Readonly<Record<Topic, Map<string, CloudEvent>>> = {
    "task-events": new Map(),
    "task-updates": new Map(),
  };
  readonly #places = new Map<string, number>();
  #read = 0;

  /** The events of a topic in the order in which each came first. */
  of(topic: Topic): readonly CloudEvent[] {
    return [...this.#first[topic].values()];
  }

  /** Looks at what arrived since the last time. */
  check(model: Model, bus: BusDouble): void {
    for (const published of bus.log.slice(this.#read)) {
      const seen = this.#first[published.topic].has(published.id);
      if (!seen) this.#checkFirst(model, published, bus.refused.has(published.id));
    }
    this.#read = bus.log.length;
  }

  #checkFirst(model: Model, { topic, key, id, text }: Published, wasRefused: boolean): void {
    const parsed = parseEvent(JSON.parse(text));
    if (!parsed.ok || !parsed.known) throw new Error(`not an event: ${text}`);
    const { event } = parsed;
    const change = model.changeOf(event.subject, versionOf(event));
    if (change === undefined) throw new Error(`Broken: what was refused or never asked for has no event\n  ${text}`);
    const { type, actorid, actortype, workspaceid, time } = event;
    const { by, operation_id } = change;
    holds(
      "an event says who did what, when and where, under the key of its workspace",
      { id, type: factOf(event) ?? type, actorid, actortype, workspaceid, time, key },
      {
        id: operation_id ?? id,
        type: change.type,
        actorid: by.actor_id,
        actortype: by.actor_type,
        workspaceid: by.workspace_id,
        time: change.at,
        key: by.workspace_id,
      },
    );
    this.#first[topic].set(id, event);
    if (wasRefused || change.place === undefined) return;
    const before = this.#places.get(`${topic} ${key}`) ?? -1;
    holds("the events of a key are first published in their order", change.place > before, true);
    this.#places.set(`${topic} ${key}`, change.place);
  }
}

/** The version that the change made. */
export function versionOf(event: CloudEvent): number {
  if (event.type === "workspace.changed.v1") return event.data.version;
  const version = signalOf(event)?.version;
  if (version === undefined) throw new Error(`${event.type} changes nothing that has a version`);
  return version;
}

/** The type of the fact of which a slim event tells. */
function factOf(event: CloudEvent): string | undefined {
  return event.type === "workspace.changed.v1" ? event.data.type : undefined;
}
