import type { Database, Tx } from "@rondo/db";
import type { Person } from "./model.ts";
import type { Answer, Stage } from "./stage.ts";

interface Open {
  readonly answer: Answer;
  commit(): Promise<void>;
}

/** Somebody whose writes take their place in the outbox early and are committed late, as a busy disk or a lock may have it. */
export class SlowWriter {
  readonly person: Person;
  readonly #stage: Stage;
  #open: Open | undefined;

  constructor(stage: Stage, person: Person) {
    this.#stage = stage;
    this.person = person;
  }

  get isWriting(): boolean {
    return this.#open !== undefined;
  }

  /** Writes, and keeps the transaction open until `end`. */
  async create(title: string): Promise<void> {
    const written = Promise.withResolvers<Answer>();
    const released = Promise.withResolvers<void>();
    const committed = this.#stage.database.db.transaction(async (tx) => {
      written.resolve(await this.#stage.askWithin(tx, this.person, "POST", "/tasks", { body: { title } }));
      await released.promise;
    });
    committed.catch(written.reject);
    const answer = await written.promise;
    this.#open = {
      answer,
      commit: () => {
        released.resolve();
        return committed;
      },
    };
  }

  /** The answer, once the write is committed. */
  async end(): Promise<Answer | undefined> {
    const open = this.#open;
    this.#open = undefined;
    await open?.commit();
    return open?.answer;
  }
}

/** A database whose statements are all run in one transaction, whichever that is at the moment. */
export function withinTransaction(db: Database, current: () => Tx | undefined): Database {
  const sql = new Proxy(db.sql, {
    apply: (pool, self, values) => Reflect.apply(current() ?? pool, self, values),
    get: (pool, name) => Reflect.get(current() ?? pool, name),
  });
  return { ...db, sql };
}
