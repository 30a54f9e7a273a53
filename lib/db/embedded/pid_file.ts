import { readFileSync } from "node:fs";
import { join } from "node:path";

/** `postmaster.pid`, as PostgreSQL 10 and newer write it. */
export interface PidFile {
  readonly pid: number;
  readonly port: number | undefined;
  readonly status: string | undefined;
}

export const pidFilePath = (cluster: string): string => join(cluster, "postmaster.pid");

/** `undefined` when no server has this cluster open, as far as the file tells. */
export function readPidFile(cluster: string): PidFile | undefined {
  let text: string;
  try {
    text = readFileSync(pidFilePath(cluster), "utf8");
  } catch {
    return undefined;
  }
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]) || undefined, status: lines[7]?.trim() };
}

/**
 * Whether this process runs and is a PostgreSQL: after a crash of the machine its old id may belong to anybody. A zombie
 * (nobody reaps orphans in many containers) does not run.
 */
export function isServer(pid: number): boolean {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [, name, state] = /\((.*)\) (\S)/s.exec(stat) ?? [];
      return name === "postgres" && state !== "Z" && state !== "X";
    } catch {
      return false;
    }
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
