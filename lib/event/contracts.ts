import { type } from "arktype";
import { type Contract, signalSchema } from "./contract.ts";
import { projectContracts } from "./project.ts";
import { taskContracts } from "./task.ts";
import { workspaceContracts } from "./workspace.ts";

/** The facts of each kind of thing, from the file of that kind. */
const facts = {
  ...taskContracts,
  ...projectContracts,
  ...workspaceContracts,
};

/** The slim form of every fact that has a signal: see `updateOf`. `type` is the fact's. */
const slim = { "workspace.changed.v1": { schema: type({ type: "string" }).and(signalSchema) } };

const contracts = { ...facts, ...slim };

export type EventType = keyof typeof contracts;
export type DataOf<T extends EventType> = (typeof contracts)[T]["schema"]["infer"];

/** The types that state a fact: everything that is appended to an outbox. */
export type FactType = keyof typeof facts;

export const eventTypes: readonly EventType[] = Object.keys(contracts).filter(isEventType);

/** Whether this program knows the type, in that version. */
export function isEventType(name: string): name is EventType {
  return Object.hasOwn(contracts, name);
}

/** What a type promises. A published version only ever gains optional members. */
export function contractOf(eventType: EventType): Contract {
  return contracts[eventType];
}
