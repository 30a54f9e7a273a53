import { idSchema } from "@rondo/task";
import { type } from "arktype";

/** What a change did: the name of each field that changed, with its value before and after. */
export const changesSchema = type({ "[string]": ["unknown", "unknown"] });
export type Changes = typeof changesSchema.infer;

/**
 * What a fact says to those who show things live: which thing changed, never its content. `kind` is the word of api.md
 * ("task", "project"): an open string, so that a new kind of thing does not break those who read this one.
 */
export const signalSchema = type({
  kind: "string",
  id: idSchema,
  project_id: idSchema.or("null"),
  version: "number.integer >= 1",
});
export type Signal = Readonly<typeof signalSchema.infer>;

/** What one type of event promises. */
export interface Contract<Data extends object = object> {
  /** The schema of its `data`. */
  readonly schema: type.Any<Data>;
  /** What of the data goes into the live signal; absent for a type that nothing on a page shows. A method, so that contracts of all types fit one table. */
  signal?(data: Data): Signal;
}

/** The same contract for several types of event: a thing's facts mostly carry the same. */
export function contractFor<Type extends string, C extends Contract>(types: readonly Type[], contract: C) {
  return Object.fromEntries(types.map((name) => [name, contract])) as Readonly<Record<Type, C>>;
}
