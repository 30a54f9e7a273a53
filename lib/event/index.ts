export { type Changes, contracts, type DataOf, type EventType, eventTypes, type FactType } from "./contracts.ts";
export { createEvent, type EventInput } from "./create.ts";
export type { CloudEvent } from "./envelope.ts";
export { eventJson } from "./json.ts";
export { type Parsed, parseEvent } from "./parse.ts";
export { eventFor, type Topic, topics, topicsOf, toUpdate } from "./topics.ts";
