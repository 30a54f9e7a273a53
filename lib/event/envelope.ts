import { idSchema } from "@rondo/task";
import { type } from "arktype";
import type { DataOf, EventType } from "./contracts.ts";

const source = type(/^\/rondo\/[a-z/-]+$/).describe("a service of Rondo, like /rondo/api");
const typeName = type(/^[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$/).describe("a versioned type like task.created.v1");
const instant = type(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/).describe("an RFC 3339 moment in UTC");

/** The attributes around every event: CloudEvents 1.0 section 3, with our extensions, which are strings only. */
export const envelopeSchema = type({
  specversion: "'1.0'",
  id: idSchema,
  source,
  type: typeName,
  subject: "1 <= string <= 200",
  time: instant,
  datacontenttype: "'application/json'",
  dataschema: "string",
  workspaceid: idSchema,
  actorid: "1 <= string <= 200",
  actortype: "'user' | 'token' | 'agent' | 'system'",
  "traceparent?": "string",
  data: "object",
});

/** A well-formed event of any type, also of one that this program does not know: it can be kept and handed on. */
export type AnyEvent = Readonly<typeof envelopeSchema.infer>;

/** An event of a type that this program knows. The union of all types, so that `event.type` narrows `event.data`. */
export type CloudEvent<T extends EventType = EventType> = {
  [K in T]: Readonly<Omit<AnyEvent, "type" | "data"> & { type: K; data: DataOf<K> }>;
}[T];

/** Names of the attributes that the envelope defines; any other is an extension of someone on the way (a sidecar). */
export const envelopeAttributes: ReadonlySet<string> = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "workspaceid",
  "actorid",
  "actortype",
  "traceparent",
  "data",
]);
