import type { Context } from "hono";

/** What a form sent. */
export interface Form {
  /** The text of an input; empty when it is not there. */
  text(name: string): string;
  /** The texts of all inputs of that name, such as boxes that are ticked. */
  all(name: string): readonly string[];
  /** The version that the reader saw; undefined when the form does not say. */
  readonly version: number | undefined;
}

export async function readForm(c: Context): Promise<Form> {
  return formOf(await c.req.parseBody({ all: true }));
}

export function formOf(fields: Readonly<Record<string, unknown>>): Form {
  const all = (name: string) => [fields[name]].flat().filter((value) => typeof value === "string");
  const text = (name: string) => all(name)[0] ?? "";
  const version = Number(text("version"));
  return { text, all, version: Number.isInteger(version) && version > 0 ? version : undefined };
}
