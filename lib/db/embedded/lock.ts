import postgres from "postgres";
import { errorCode } from "../errors.ts";
import { EmbeddedError } from "./failure.ts";

/** `held`: ours. `taken`: another living process has it. `gone`: the server does not answer (any more). */
export type Claim = "held" | "taken" | "gone";

export interface FolderLock {
  claim(patienceMs: number): Promise<Claim>;
  /** From now on (or no longer): take it again whenever the server was restarted. */
  keep(wanted: boolean): void;
  readonly held: boolean;
  release(): Promise<void>;
  /** For the few administrative statements of a start. */
  readonly sql: postgres.Sql;
}

const key = 7_266_366; // "rondo" on a telephone's keys, more or less: any constant does in a server of our own.

/**
 * A session advisory lock in the server itself: it ends with our process, however that ends. So a living server whose lock
 * is free lost its owner and may be adopted.
 */
export function folderLock(url: string): FolderLock {
  let held = false;
  let keeping = false;
  let working: Promise<void> = Promise.resolve();
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    backoff: () => 0.05,
    connect_timeout: 3,
    onnotice: () => undefined,
    connection: { application_name: `rondo lock of process ${process.pid}` },
    onclose: () => {
      const lost = held;
      held = false;
      if (lost && keeping) working = again();
    },
  });
  const take = async (): Promise<boolean> => {
    const [row] = await sql<{ held: boolean }[]>`select pg_try_advisory_lock(${key}) as held`;
    held = row?.held === true;
    return held;
  };
  const again = async (): Promise<void> => {
    while (keeping && !held) {
      await take().catch(() => false);
      if (!held) await Bun.sleep(50);
    }
  };
  return {
    sql,
    get held() {
      return held;
    },
    async claim(patienceMs) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        try {
          if (await take()) return "held";
        } catch (error) {
          const code = errorCode(error);
          if (code === "28P01")
            throw new EmbeddedError("The password file does not fit the running PostgreSQL of this folder.", error);
          return "gone";
        }
        if (performance.now() > deadline) return "taken";
        await Bun.sleep(25);
      }
    },
    keep(wanted) {
      keeping = wanted;
    },
    async release() {
      keeping = false;
      await sql.end({ timeout: 0 });
      await working;
    },
  };
}
