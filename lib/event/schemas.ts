import { readFile } from "node:fs/promises";
import { breakingChanges, type JsonSchema } from "./compatibility.ts";
import { contractOf, type EventType, eventTypes } from "./contracts.ts";

/** The JSON Schema (draft 2020-12) of an event type's `data`. Rules that JSON Schema cannot say are left out of it. */
export function jsonSchemaOf(eventType: EventType): JsonSchema {
  return {
    $id: `/schemas/${eventType}.json`,
    title: eventType,
    ...contractOf(eventType).schema.toJsonSchema({ fallback: { predicate: (context) => context.base } }),
  };
}

/** The file of a published schema. */
export function schemaFile(eventType: EventType): URL {
  return new URL(`./schemas/${eventType}.json`, import.meta.url);
}

/** The checked-in schema, or undefined for a type that was never published. */
export async function publishedSchema(eventType: EventType): Promise<JsonSchema | undefined> {
  const text = await readFile(schemaFile(eventType), "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Everything by which the contracts break what was published. */
export async function brokenPromises(): Promise<string[]> {
  const broken: string[] = [];
  for (const eventType of eventTypes) {
    const published = await publishedSchema(eventType);
    if (published === undefined) continue;
    const changes = breakingChanges(published, jsonSchemaOf(eventType));
    broken.push(...changes.map((change) => `${eventType}: ${change}`));
  }
  return broken;
}
