import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./temporary.ts";

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

/** Above the highest process id of every system that we run on. */
const nobody = 4_194_305;

/**
 * PostgreSQL refuses to start while the process that its pid file names is there: also when that is a zombie that nobody
 * reaps, or a stranger who got the same number after a restart of the container. Then the file is made to name nobody; the
 * rest stays, by which PostgreSQL makes sure that no process of the former server still has the data open.
 */
export function disownStalePidFile(cluster: string): void {
  const file = readPidFile(cluster);
  if (file === undefined || file.pid === nobody || isServer(file.pid)) return;
  const path = pidFilePath(cluster);
  writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, String(nobody)));
}

/**
 * Whether this process runs and is a PostgreSQL: after a crash of the machine its old id may belong to anybody. Only Linux
 * tells; elsewhere a running process counts.
 */
export function isServer(pid: number): boolean {
  return isRunning(pid, (name) => name === "postgres");
}

/** Whether this process runs. A zombie does not: in many containers nobody reaps orphans. */
export function isRunning(pid: number, named: (name: string) => boolean = () => true): boolean {
  if (process.platform !== "linux") return isAlive(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // `12 (name) S 1 …`, where the name may hold brackets itself.
    const end = stat.lastIndexOf(") ");
    const state = stat.charAt(end + 2);
    return named(stat.slice(stat.indexOf("(") + 1, end)) && state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
