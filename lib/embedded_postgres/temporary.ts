import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The name of a sibling of `folder` that is ours alone until it is renamed: `<folder>.<process id>-<random>.tmp`. */
export function ownTemporary(folder: string): string {
  return `${folder}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
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
export function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/\.(\d+)-[0-9a-f]+\.tmp$/.exec(name)?.[1]);
    if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}
