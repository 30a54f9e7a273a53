import { pause } from "@rondo/coordination";
import type { Log } from "@rondo/telemetry";
import type { JobMetrics } from "../metrics.ts";
import { kindOf } from "../name.ts";
import type { Job, JobHandler } from "../port.ts";
import type { Runner } from "../runner.ts";

export interface TriggeredOptions {
  readonly runner: Runner;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly clock: () => Date;
  readonly metrics: JobMetrics;
  readonly log: Log;
}

/** As long as Dapr waits before it triggers a job again. */
const patienceMs = 1_000;

/**
 * Runs a job that Dapr has triggered. Dapr triggers a job at least once, also twice or late, in any process of the app.
 * @returns true when the job is settled, false when Dapr is to trigger it again
 */
export async function runTriggered(
  options: TriggeredOptions,
  job: Job,
  { traceparent, over }: { traceparent: string | undefined; over: AbortSignal },
): Promise<boolean> {
  const { runner, handlers, clock, metrics, log } = options;
  const kind = kindOf(job.name);
  const handler = handlers.get(kind);
  if (handler === undefined) {
    log.warn("a job came that another version of this program knows", { job: job.name });
    return false;
  }
  const moment = Date.parse(job.at);
  // The scheduler's clock may be ahead of ours.
  const early = moment - clock().getTime();
  if (early > 0) await pause(Math.min(early, patienceMs), over);
  if (moment > clock().getTime()) return false;
  const claim = (await runner.claim([job])).get(job.name);
  if (claim?.kind === "done") metrics.repeated(kind);
  if (claim?.kind !== "mine") return claim?.kind === "done";
  if (claim.tries === 0) metrics.late(kind, (clock().getTime() - moment) / 1_000);
  const { name, at } = job;
  const ran = await runner.run({
    occasion: { name, at },
    kind,
    tries: claim.tries,
    traceparent,
    work: (over) => handler(job, over),
  });
  return ran.ok;
}
