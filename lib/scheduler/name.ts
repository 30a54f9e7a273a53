import type { Job } from "./port.ts";

/** What both engines take: Dapr wants a name that is a DNS subdomain once its `:`, `_` and `-` are left out. */
const namePattern = /^[a-z0-9](?:[a-z0-9:_-]{0,198}[a-z0-9])?$/;
const partPattern = /^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$/;
/** RFC 3339 section 5.6; `Date` also reads other forms. */
const instantPattern = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** The kind under which `every` keeps its names; nobody else's. */
export const everyKind = "every";

/** The part of a job's name before the first colon. */
export function kindOf(name: string): string {
  const [kind = name] = name.split(":", 1);
  return kind;
}

/** @throws RangeError */
export function checkPart(part: string, what: string): void {
  if (!partPattern.test(part)) throw new RangeError(`${JSON.stringify(part)} is not ${what}`);
}

/** @throws RangeError */
export function checkName(name: string): void {
  if (!namePattern.test(name)) throw new RangeError(`${JSON.stringify(name)} is not the name of a job`);
  if (kindOf(name) === everyKind) throw new RangeError(`the kind ${everyKind} is for what comes back`);
}

/** The job with its moment in one form: UTC, milliseconds. @throws RangeError */
export function checkedJob({ name, at, data }: Job): Job {
  checkName(name);
  if (!instantPattern.test(at) || Number.isNaN(Date.parse(at)))
    throw new RangeError(`${JSON.stringify(at)} is not a moment`);
  return { name, at: new Date(at).toISOString(), data };
}
