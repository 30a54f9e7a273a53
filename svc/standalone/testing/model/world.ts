import { auditSubscription } from "@rondo/audit";
import { RelayStep } from "@rondo/outbox/relay_step";
import type { Project } from "@rondo/task";
import { newId } from "@rondo/testing";
import { BusDouble, ProcessDied } from "./bus_double.ts";
import { Model, type Person, type Workspace } from "./model.ts";
import { Publications } from "./publications.ts";
import { SlowWriter } from "./slow_writer.ts";
import type { Stage } from "./stage.ts";
import { tallySubscription } from "./tally.ts";
import type { By } from "./tasks.ts";

/** Most events in one step of the relay: few, so that a backlog takes several. */
const batchSize = 8;

/** A subscription that is told when its process dies. */
export type Consumer = typeof tallySubscription;

/** Rondo in one interleaving: its services, the engine, and the process of the relay. */
export class World {
  readonly stage: Stage;
  readonly bus = new BusDouble();
  readonly publications = new Publications();
  readonly slow: SlowWriter;
  /** The consumer of the tally dies in its next transaction. */
  effectDies = false;
  /** The clock of the relays, in milliseconds. */
  relayMs = 0;
  /** Commands carried out so far. */
  steps = 0;
  #step: RelayStep;

  constructor(stage: Stage, slow: SlowWriter, consumer: Consumer) {
    this.slow = slow;
    this.stage = stage;
    const { db } = stage.database;
    const dies = (): boolean => {
      const now = this.effectDies;
      this.effectDies = false;
      return now;
    };
    this.bus.subscribe(auditSubscription({ db, newId }));
    this.bus.subscribe(consumer(db, dies));
    this.#step = this.newRelay();
  }

  by({ user_id }: Person): By {
    return { user_id, at: this.stage.clock().toISOString() };
  }

  /** One step of the relay; answers how many events it read. One that dies is followed by another. */
  async relay(): Promise<number> {
    try {
      return await this.#step.step(this.relayMs);
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
      this.restartRelay();
      return 0;
    }
  }

  /** The new one knows nothing of what the old one has done. */
  restartRelay(): void {
    this.#step = this.newRelay();
  }

  newRelay(): RelayStep {
    return new RelayStep({ sql: this.stage.database.sql, schema: "api", bus: this.bus, batchSize });
  }
}

/** Two workspaces with their people, an engine without events, and an outbox in which nothing waits. */
export async function begin(
  stage: Stage,
  consumer: Consumer = tallySubscription,
): Promise<{ model: Model; world: World }> {
  stage.answerDies = false;
  await stage.database.sql`with waiting as (delete from api.outbox) delete from api.outbox_refused`;
  const [{ owner: ada, ...house }, { owner: eve, ...office }] = await Promise.all([
    stage.found("Ada"),
    stage.found("Eve"),
  ]);
  const inHouse = (name: string, more: object) => stage.person(name, { workspace_id: house.id, ...more });
  const world = new World(stage, new SlowWriter(stage, inHouse("Sam", { role: "member" })), consumer);
  const people = [
    ada,
    inHouse("Bob", { role: "member" }),
    inHouse("Ada's program", { user_id: ada.user_id, actor_id: newId(), actor_type: "token" }),
    inHouse("Vera", { role: "viewer" }),
    eve,
  ];
  const garden = await stage.ask(ada, "POST", "/projects", { body: { name: "Garden" } });
  const project = garden.json<Project>();
  const workspaces: Workspace[] = [{ ...house, projects: [...house.projects, project.id] }, office];
  const model = new Model(people, workspaces);
  const { at } = world.by(ada);
  const made = { subject_id: project.id, version: 1, type: "project.created.v1", by: ada, at };
  model.noteChange({ ...made, operation_id: garden.operation });
  return { model, world };
}
