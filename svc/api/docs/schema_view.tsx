/** @jsxImportSource hono/jsx */
import type { JsonSchema } from "@rondo/contract";
import { nameOf } from "./document.ts";

/** One table row for each member of an object. */
export function Members({ schema }: { schema: JsonSchema }) {
  const required = new Set(schema.required);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">Type</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(schema.properties ?? {}).map(([name, member]) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
              {required.has(name) ? <span class="required"> required</span> : null}
            </th>
            <td>
              <TypeOf schema={member} />
            </td>
            <td>{meaningOf(member)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A type in words, with a link where it has a name. */
export function TypeOf({ schema }: { schema: JsonSchema }) {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return <a href={`#schema-${name}`}>{name}</a>;
  }
  if (schema.items) {
    return (
      <>
        list of <TypeOf schema={schema.items} />
      </>
    );
  }
  const page = schema.properties?.items;
  if (page && schema.properties?.next_cursor) {
    return (
      <>
        page: <code>items</code>, a <TypeOf schema={page} />, and <code>next_cursor</code>
      </>
    );
  }
  return <>{wordsOf(schema)}</>;
}

function wordsOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(wordsOf))].join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const types = [schema.type ?? "anything"].flat().join(" or ");
  const format = schema.format === undefined ? "" : ` (${schema.format})`;
  return types + format + boundsOf(schema);
}

function boundsOf({ minLength, maxLength, minimum, maximum }: JsonSchema): string {
  if (maxLength !== undefined) return `, ${minLength ?? 0} to ${maxLength} characters`;
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  return minimum === undefined ? "" : `, from ${minimum}`;
}

/** What the schema says of itself, or the way of it that is not null. */
export function meaningOf(schema: JsonSchema): string {
  return schema.description ?? schema.anyOf?.find(({ description }) => description !== undefined)?.description ?? "";
}

/** Text in which `backticks` mark what is code. */
export function Words({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}
