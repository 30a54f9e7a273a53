import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Who PostgreSQL runs as: it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

const candidates = ["rondo", "postgres", "_postgres", "nobody"];

/**
 * For the data in `folder`. `undefined`: this process's own user. As root: the owner of the data that is already there, else the first of these
 * users that the system knows. (initdb needs a user that has a name.) Users are never created.
 */
export function serverAccount(folder: string): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = parsePasswd(readFileSync("/etc/passwd", "utf8"));
  for (const name of candidates) {
    const account = users.get(name);
    if (account !== undefined && account.uid > 0) return account;
  }
  return undefined;
}

/** passwd(5): `name:password:uid:gid:comment:home:shell`. */
export function parsePasswd(text: string): Map<string, Account> {
  const users = new Map<string, Account>();
  for (const line of text.split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name && uid && gid) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}

/** The first folder on the way to `path` that `account` may not enter, if any. Access lists are not looked at. */
export function blockedAt(path: string, account: Account): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : blockedAt(parent, account);
  if (above !== undefined) return above;
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? path : undefined;
}
