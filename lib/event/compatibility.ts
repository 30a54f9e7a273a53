/** A JSON Schema, as far as arktype writes them. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Keywords that say nothing about which values are valid. */
const annotations = new Set(["$schema", "$id", "title", "description", "examples", "format"]);

/**
 * What in `next` breaks those who hold on to `published`; empty when nothing does. Both directions count, because a new
 * reader meets the old events of the log and an old reader meets the events of a newer program. So a published version
 * may gain optional members, at any depth, and nothing else: whatever else has to change needs a new version of the type.
 */
export function breakingChanges(published: JsonSchema, next: JsonSchema, path = "data"): string[] {
  const found = [...memberChanges(published, next, path), ...branchChanges(published, next, path)];
  for (const keyword of keywordsOf(published, next)) {
    const before = published[keyword];
    const after = next[keyword];
    if (isSchema(before) && isSchema(after)) found.push(...breakingChanges(before, after, `${path}[]`));
    else if (canonical(before) !== canonical(after)) found.push(describe(keyword, before, after, path));
  }
  return found;
}

/** Every constraint but those that are compared member by member or branch by branch. */
function keywordsOf(published: JsonSchema, next: JsonSchema): string[] {
  const all = new Set([...Object.keys(published), ...Object.keys(next)]);
  return [...all].filter(
    (keyword) => !annotations.has(keyword) && !["properties", "required", "anyOf"].includes(keyword),
  );
}

function memberChanges(published: JsonSchema, next: JsonSchema, path: string): string[] {
  const before = membersOf(published);
  const after = membersOf(next);
  const wasRequired = namesIn(published.required);
  const isRequired = namesIn(next.required);
  const found: string[] = [];
  for (const [name, schema] of before) {
    const successor = after.get(name);
    if (successor === undefined) found.push(`${path}.${name} was removed or renamed`);
    else found.push(...breakingChanges(schema, successor, `${path}.${name}`));
    if (successor !== undefined && wasRequired.has(name) && !isRequired.has(name)) {
      found.push(`${path}.${name} is no longer always there`);
    }
  }
  for (const name of isRequired) {
    if (!wasRequired.has(name)) found.push(`${path}.${name} is newly required`);
  }
  return found;
}

/** Each branch of a union must live on in a branch that is compatible with it; their order is free. */
function branchChanges(published: JsonSchema, next: JsonSchema, path: string): string[] {
  const before = schemasIn(published.anyOf);
  const after = schemasIn(next.anyOf);
  const lost = before.filter((branch) => !after.some((other) => breakingChanges(branch, other).length === 0));
  if (lost.length > 0) return [`${path} lost a form that it could have: ${lost.map(canonical).join(", ")}`];
  if (after.length > before.length) return [`${path} gained a form that old readers do not know`];
  return [];
}

function describe(keyword: string, before: unknown, after: unknown, path: string): string {
  if (keyword === "type") return `${path} was retyped from ${canonical(before)} to ${canonical(after)}`;
  if (keyword !== "enum") return `${path} changed its ${keyword} from ${canonical(before)} to ${canonical(after)}`;
  const known = Array.isArray(after) ? after : [];
  const lost = (Array.isArray(before) ? before : []).filter((value) => !known.includes(value));
  return lost.length > 0
    ? `${path} was narrowed: it lost ${lost.join(", ")}`
    : `${path} gained values that old readers do not know`;
}

function membersOf(schema: JsonSchema): Map<string, JsonSchema> {
  const properties = schema.properties;
  return new Map(
    isSchema(properties)
      ? Object.entries(properties).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]))
      : [],
  );
}

function namesIn(list: unknown): Set<unknown> {
  return new Set(Array.isArray(list) ? list : []);
}

function schemasIn(list: unknown): JsonSchema[] {
  return Array.isArray(list) ? list.filter(isSchema) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One text per value: object members and enum values in a fixed order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) => {
      if (Array.isArray(member) && member.every((item) => typeof item === "string")) return member.toSorted();
      if (!isSchema(member)) return member;
      return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? "nothing"
  );
}
