import type { Check } from "@rondo/contract";
import type { FieldError } from "@rondo/problem";
import { isStorable, unstorable } from "./json_body.ts";

/**
 * The query of a URL, checked. Unknown and repeated parameters are wrong: nobody could say which of two counts.
 * @throws Problem `invalid` with every wrong parameter
 */
export function readQuery<T>(url: string, check: Check<T>): T {
  const { values, errors } = parametersOf(url);
  return check(values, errors);
}

function parametersOf(url: string): { values: Record<string, string>; errors: FieldError[] } {
  const values: Record<string, string> = Object.create(null);
  const errors: FieldError[] = [];
  const start = url.indexOf("?");
  if (start === -1) return { values, errors };
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    if (name in values) errors.push({ pointer: `query:${name}`, detail: "Give this once only." });
    else if (!isStorable(value) || value.includes("\ufffd")) {
      errors.push({ pointer: `query:${name}`, detail: unstorable });
    }
    values[name] = value;
  }
  return { values, errors };
}
