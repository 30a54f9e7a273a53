import type { Sidecar } from "@rondo/sidecar";
import type { Job, JsonObject } from "../port.ts";

/** The scheduler holds a call for 30 s while it is away. */
const timeoutMs = 3_000;

/** Without a limit: a job that nobody could run yet is triggered again for as long as it takes. */
const failurePolicy = { constant: { interval: "1s" } };

/** What travels with a job: Dapr brings its name and data, but not its moment. */
export interface Envelope {
  readonly at: string;
  readonly data: JsonObject;
}

/** Of Dapr's Jobs API, as far as it is used. */
interface DaprJob {
  readonly dueTime: string;
  readonly schedule?: string;
  /** Never absent: Dapr accepts a job without data and never triggers it. */
  readonly data: JsonObject | Envelope;
  readonly overwrite: boolean;
}

/** Once, at its moment, instead of what has its name. */
export function putJob(sidecar: Sidecar, { name, at, data }: Job): Promise<void> {
  const envelope: Envelope = { at, data };
  return put(sidecar, name, { dueTime: at, data: envelope, overwrite: true });
}

/** Now and every so many seconds. `anew` begins the period from now; otherwise one that is there stays as it is. */
export function putRepeating(
  sidecar: Sidecar,
  name: string,
  { everyMs, now, anew }: { everyMs: number; now: Date; anew: boolean },
): Promise<void> {
  const schedule = `@every ${Math.round(everyMs / 1_000)}s`;
  return put(sidecar, name, { schedule, dueTime: now.toISOString(), data: {}, overwrite: anew });
}

/** A job that is not there is none to Dapr either. */
export async function removeJob(sidecar: Sidecar, name: string): Promise<void> {
  const answer = await sidecar.request(place(name), { method: "DELETE", timeoutMs });
  if (!answer.ok) throw await failure(`the job ${name} could not be cancelled`, answer);
}

async function put(sidecar: Sidecar, name: string, job: DaprJob): Promise<void> {
  const answer = await sidecar.request(place(name), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...job, failurePolicy }),
    timeoutMs,
  });
  const isThere = answer.status === 409 && !job.overwrite;
  if (!answer.ok && !isThere) throw await failure(`the job ${name} could not be scheduled`, answer);
}

function place(name: string): string {
  return `/v1.0-alpha1/jobs/${encodeURIComponent(name)}`;
}

/** The code only: a message may quote what a log must not. */
async function failure(what: string, answer: Response): Promise<Error> {
  const body: unknown = await answer.json().catch(() => undefined);
  const code = typeof body === "object" && body !== null && "errorCode" in body ? ` (${String(body.errorCode)})` : "";
  return new Error(`${what}: the sidecar answers ${answer.status}${code}`);
}
