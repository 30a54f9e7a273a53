import { idSchema } from "@rondo/task";
import { type } from "arktype";
import type { DataOf, EventType } from "./contracts.ts";

const source = type(/^\/rondo\/[a-z/-]+$/).describe("one of Rondo's, like /rondo/api");
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

type Envelope = typeof envelopeSchema.infer;

/** One event on the wire and in the outbox. The union of all types, so that `event.type` narrows `event.data`. */
export type CloudEvent<T extends EventType = EventType> = {
  [K in T]: Readonly<Omit<Envelope, "type" | "data"> & { type: K; data: DataOf<K> }>;
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
