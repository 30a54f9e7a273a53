import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A sibling of `folder` that is ours alone until it is renamed: `<folder>.<process id>.tmp`. */
export function ownTemporary(folder: string): string {
  const path = `${folder}.${process.pid}.tmp`;
  rmSync(path, { recursive: true, force: true });
  return path;
}

/** Whether some process has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Removes what starters that were killed have left in `parent`. */
export function removeAbandoned(parent: string, alive: (pid: number) => boolean = isAlive): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/\.(\d+)\.tmp$/.exec(name)?.[1]);
    if (Number.isInteger(pid) && pid !== process.pid && !alive(pid)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}
