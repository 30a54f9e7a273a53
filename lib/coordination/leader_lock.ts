import type { Database, Tx } from "@rondo/db";
import { pause, untilAborted, within } from "./wait.ts";

export interface LeaderLockOptions {
  readonly db: Database;
  /** One leader per name in one database. */
  readonly name: string;
  /** Works as the leader until `over` is aborted, then returns quickly. A throw releases the lock. */
  readonly work: (over: AbortSignal) => Promise<void>;
  /** Called for each failed attempt; the next one follows by itself. */
  readonly onError: (error: unknown) => void;
}

export interface LeaderLock {
  /** Ends the work, waits for it, and releases the lock. */
  stop(): Promise<void>;
}

const attemptEveryMs = 1_000;
const heartbeatEveryMs = 2_000;
/** A leader that has had no answer for this long stops working … */
const giveUpAfterMs = 2_000;
/** … before the server ends the session of a leader that it has not heard from. */
const sessionEndsAfterMs = 4_500;

/**
 * Keeps trying to become the leader of a name, by an advisory lock on a connection of its own. Whatever happens to the
 * leader (killed, frozen, cut off), another process takes over within 6 s: the lock belongs to a transaction that does
 * nothing else, and PostgreSQL ends a transaction that has been idle for too long. Each heartbeat drops the snapshot of
 * the last one, so this transaction keeps no dead row alive.
 */
export function holdLeaderLock(options: LeaderLockOptions): LeaderLock {
  const stopping = new AbortController();
  const running = keepTrying(options, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function keepTrying(options: LeaderLockOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await attempt(options, stopping);
    } catch (error) {
      if (!stopping.aborted) options.onError(error);
    }
    await pause(attemptEveryMs, stopping);
  }
}

/** Resolves when another process is the leader or the lock was released, throws when it was lost; the work has ended by then. */
async function attempt({ db, name, work }: LeaderLockOptions, stopping: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  stopping.addEventListener("abort", end);
  let working: Promise<void> = Promise.resolve();
  const session = db.sql.begin(async (tx) => {
    if (stopping.aborted || !(await lock(tx, name))) return;
    working = work(over.signal).finally(end);
    working.catch(() => undefined);
    await keepBeating(tx, over.signal).finally(end);
    await working;
  });
  session.catch(() => undefined).finally(end);
  try {
    await untilAborted(over.signal);
    await working;
    // A connection that has fallen silent answers neither the last heartbeat nor the end of the transaction.
    await within(session, giveUpAfterMs, `the leader lock ${name} was lost`);
  } finally {
    stopping.removeEventListener("abort", end);
  }
}

/**
 * What PostgreSQL's advisory lock for this name is made from. It stays what it was: during an upgrade old and new processes
 * compete for the same lock.
 */
export const lockNameOf = (name: string): string => `rondo hold ${name}`;

async function lock(tx: Tx, name: string): Promise<boolean> {
  await tx.unsafe(
    `set local transaction_timeout = 0; set local idle_in_transaction_session_timeout = ${sessionEndsAfterMs}`,
  );
  const [row] = await tx<{ held: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${lockNameOf(name)}, 0)) as held`;
  return row?.held === true;
}

/** Uses the simple protocol: its statements leave no portal and thus no snapshot behind. */
async function keepBeating(tx: Tx, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await within(tx.unsafe("select 1"), giveUpAfterMs, "no answer from PostgreSQL to a heartbeat");
    await pause(heartbeatEveryMs, over);
  }
}
