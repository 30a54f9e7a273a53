export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Something to be done at a moment. */
export interface Job {
  /**
   * `<kind>:<what>`, such as `reminder:0198…`: lower-case letters, digits, `:`, `_` and `-`, at most 200. One job of a name in the
   * whole deployment; a kind belongs to one service.
   */
  readonly name: string;
  /** RFC 3339; counted in whole milliseconds. */
  readonly at: string;
  readonly data: JsonObject;
}

/**
 * Does what the job is for. A return means that it is done, a throw: again later. It may be called more than once for the same
 * (name, at), after a crash or a lost connection, so its effects are idempotent by those two. `over` is aborted when the process
 * is about to stop or no longer counts as the one that runs the job: what takes long then throws soon.
 */
export type JobHandler = (job: Job, over: AbortSignal) => Promise<void>;

/** Everything that services know of the engine that keeps time. One suite (`semantics.ts`) states what it must do. */
export interface Scheduler {
  /** To be called before `start`. `kind` is the part of a job's name before the first colon. */
  handle(kind: string, handler: JobHandler): void;
  /**
   * Instead of what was scheduled under this name. The job runs at its moment or later, never earlier, also when that moment
   * has passed. What has already been done for the same (name, at) is not done again.
   * @throws RangeError for a name or moment that no engine takes; any other error means that it is unknown: schedule it again
   */
  schedule(job: Job): Promise<void>;
  /** No job of this name: fine. What runs already is not stopped. @throws when it is unknown: cancel again */
  cancel(name: string): Promise<void>;
  /**
   * Work that comes back: now, and about `everyMs` (at least 1,000) after each beginning; one run at a time in the whole
   * deployment, whatever the number of its processes. When `over` is aborted it ends soon; the next turn goes on. To be called
   * before `start`; the name is unique in the deployment.
   */
  every(name: string, everyMs: number, work: (over: AbortSignal) => Promise<unknown>): void;
  start(): Promise<void>;
  /** Begins nothing more, tells what runs that it is over, and waits for it. */
  stop(): Promise<void>;
}

/** How long until a failed job is tried again: it doubles, from the first pause to the longest. */
export interface Backoff {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const defaultBackoff: Backoff = { firstPauseMs: 1_000, longestPauseMs: 60_000 };
