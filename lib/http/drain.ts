import type { Log } from "@rondo/telemetry";
import type { Server } from "bun";
import type { Streams } from "./streams.ts";

/** What ends with the server, in this order. */
export interface DrainPlan {
  /**
   * How long requests are still taken after `/readyz` says no, in ms; 200. Behind a load balancer, longer than it needs to
   * notice. Each answer in that time ends its connection, so that no client has a request under way on one that closes.
   */
  readonly noticeMs?: number;
  /** Resolves when nobody sends requests here any more by a way of its own, as sidecars do; requests are taken until then. */
  readonly leave?: (() => Promise<void>) | undefined;
  readonly streams?: Streams;
  /**
   * Told at once to take no more of what comes as requests without anybody waiting for it (events, jobs), and to give back what is under way.
   * They end with the requests that brought it.
   */
  readonly deliveries?: readonly (() => Promise<void>)[];
  /** Stopped side by side. */
  readonly consumers?: readonly (() => Promise<void>)[];
  /** Closed one after the other: a pool before the database behind it. */
  readonly pools?: readonly (() => Promise<void>)[];
  /** The whole drain, in ms; 9,000. Requests have two thirds of it, then their connections are cut. */
  readonly deadlineMs?: number;
}

export interface Drained {
  begin(): void;
  /** From now on answers wait; returns how to let them go. */
  hold(): () => void;
  readonly main: Pick<Server<unknown>, "stop">;
  readonly admin: Pick<Server<unknown>, "stop">;
  readonly log: Log;
}

/**
 * A connection on which no request is under way is reset when the listener closes, with the request that may just be arriving
 * on it. So for a moment before, answers are held back: clients that wait for one send nothing new.
 */
const holdMs = 100;

/** Not ready, no deliveries → wait → close streams → finish requests → stop consumers → close pools. A step that fails or hangs does not keep the next. */
export async function drain(plan: DrainPlan, { begin, hold, main, admin, log }: Drained): Promise<void> {
  const { noticeMs = 200, deadlineMs = 9_000, leave, streams, deliveries = [], consumers = [], pools = [] } = plan;
  const begun = performance.now();
  const step = async (what: string, share: number, work: () => Promise<unknown>): Promise<boolean> => {
    const left = begun + deadlineMs * share - performance.now();
    const outcome = await within(Math.max(0, left), work);
    if (outcome !== "done") log.error("a step of the drain went wrong", { step: what, error: outcome });
    return outcome === "done";
  };

  begin();
  const returned = step("give deliveries back", 0.6, () => Promise.all(deliveries.map((stop) => stop())));
  await Promise.all([Bun.sleep(noticeMs), step("leave", 0.5, async () => leave?.())]);
  await step("close streams", 0.6, async () => streams?.closeAll());
  const letGo = hold();
  await Bun.sleep(holdMs);
  const stopped = main.stop();
  letGo();
  const finished = await step("finish requests", 0.67, () => stopped);
  await returned;
  if (!finished) await step("cut connections", 0.7, () => main.stop(true));
  await step("stop consumers", 0.8, () => Promise.all(consumers.map((stop) => stop())));
  for (const close of pools) await step("close pools", 1, close);
  await step("close the admin port", 1, () => admin.stop(true));
}

/** "done", "timeout", or what was thrown. */
async function within(ms: number, work: () => Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<"timeout">();
  const timer = setTimeout(() => late.resolve("timeout"), ms);
  try {
    return await Promise.race([work().then(() => "done"), late.promise]);
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}
