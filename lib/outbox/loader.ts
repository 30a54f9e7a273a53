import type { Sql } from "@rondo/db";
import { type Outgoing, outgoingOf } from "./destination.ts";
import { readPayloads } from "./queries.ts";

/** A row whose event is at hand, or is none. */
export interface LoadedRow {
  readonly id: number;
  readonly key: string;
  /** What its text takes in the database. */
  readonly bytes: number;
  /** Where the event has not been acknowledged yet, as far as the database knows. */
  readonly topics: readonly string[];
  /** The event, or why there is none. */
  readonly outgoing: Outgoing | string;
}

type Rows = ReadonlyMap<number, LoadedRow>;

/** Fetches events. What several lanes ask for in the same turn is fetched by one statement, each row once. */
export class Loader {
  readonly #sql: Sql;
  readonly #schema: string;
  #asked: Set<number> | undefined;
  #answer: Promise<Rows> = Promise.resolve(new Map());

  constructor(sql: Sql, schema: string) {
    this.#sql = sql;
    this.#schema = schema;
  }

  /** Rows that somebody else has taken away meanwhile are missing. */
  load(ids: readonly number[]): Promise<Rows> {
    if (this.#asked === undefined) {
      const asked = new Set<number>();
      this.#asked = asked;
      this.#answer = Promise.resolve().then(() => this.#fetch(asked));
    }
    for (const id of ids) this.#asked.add(id);
    return this.#answer;
  }

  async #fetch(asked: ReadonlySet<number>): Promise<Rows> {
    this.#asked = undefined;
    const rows = await readPayloads(this.#sql, this.#schema, [...asked]);
    return new Map(rows.map((row) => [row.id, { ...row, topics: row.topics ?? [], outgoing: outgoingOf(row) }]));
  }
}
