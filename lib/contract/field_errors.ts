import type { FieldError } from "@rondo/problem";
import type { ArkError, ArkErrors } from "arktype";

/** More would only make the answer larger than the request. */
const mostErrors = 100;
const longestName = 80;

/** A member's name as a reference token of a JSON pointer: RFC 6901 section 3. */
export function escapePointer(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Writes where an error is: a JSON pointer for bodies, `query:<name>` for queries. */
export type Locate = (path: readonly PropertyKey[]) => string;

export const jsonPointer: Locate = (path) => path.map((key) => `/${escapePointer(String(key))}`).join("");
export const queryPointer: Locate = (path) => `query:${String(path[0] ?? "")}`;

/** Every error of a check, in plain words. `known` are the names at the root, for "did you mean". */
export function fieldErrors(errors: ArkErrors, locate: Locate, known: readonly string[]): FieldError[] {
  const all: FieldError[] = [];
  for (const error of errors.flatMap((each) => each.flat)) {
    if (all.length === mostErrors) {
      all.push({ pointer: "", detail: `There are more errors than these ${mostErrors}.` });
      break;
    }
    all.push({ pointer: locate(error.path), detail: explain(error, known) });
  }
  return all;
}

function explain(error: ArkError, known: readonly string[]): string {
  if (isUndeclared(error)) return unknownName(String(error.path.at(-1)), error.path.length === 1 ? known : []);
  if (error.hasCode("required")) return `Required: ${plain(error.expected)}.`;
  if (error.hasCode("minLength") && error.rule === 1) return "Must not be empty.";
  if (error.hasCode("minLength")) return `Must have at least ${error.rule} ${units(error.data)}${has(error.data)}.`;
  if (error.hasCode("maxLength")) return `Must have at most ${error.rule} ${units(error.data)}${has(error.data)}.`;
  if (error.hasCode("union")) return alternatives(error.errors, error.path.length);
  if (error.hasCode("domain")) return `Must be ${plain(error.expected)}, not ${plain(error.actual)}.`;
  return `Must be ${plain(error.expected)}.`;
}

/** How arktype reports a key that no schema knows. */
function isUndeclared(error: ArkError): boolean {
  return error.expected === "removed" && error.path.length > 0;
}

/** @param known names that are right, one of which may have been meant */
export function unknownName(name: string, known: readonly string[]): string {
  const shown = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
  const meant = known.find((each) => spelling(each) === spelling(name));
  return `"${shown}" is not known here. ${meant === undefined ? "Remove it." : `Did you mean "${meant}"?`}`;
}

/** A name without what writers differ in: dueDate, due-date and due_date are one. */
function spelling(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}

/** Each way in which the value could be right; where they differ deeper inside, with the place. */
function alternatives(errors: readonly ArkError[], depth: number): string {
  const ways = errors.map((error) => {
    const inside = error.path.slice(depth);
    const way = plain(error.expected);
    return inside.length === 0 ? way : `an object whose ${inside.map(String).join(".")} is ${way}`;
  });
  return `Must be ${[...new Set(ways)].join(" or ")}.`;
}

const isText = (data: unknown): data is string => typeof data === "string";
const units = (data: unknown): string => (isText(data) ? "characters" : "items");
const has = (data: unknown): string => (isText(data) || Array.isArray(data) ? ` (it has ${data.length})` : "");

/** The validator's words that only programmers know. */
const wording: Readonly<Record<string, string>> = {
  "an integer": "a whole number",
  "a well-formed integer string": "a whole number",
  "a well-formed numeric string": "a number",
  "an object": "an object",
  "non-empty": "not empty",
  boolean: "true or false",
};

function plain(expected: string): string {
  const known = wording[expected];
  if (known !== undefined) return known;
  return expected.startsWith("matched by ") ? `of the form ${expected.slice(11)}` : expected;
}
