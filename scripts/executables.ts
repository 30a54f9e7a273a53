import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { lockFile } from "@rondo/embedded_postgres/file_lock";
import { type Built, buildDeployable, choose, type Deployable } from "./build.ts";
import { pathsOf, root } from "./repository.ts";

const cache = join(root, ".rondo/executables");

/** Tests, what is for them only, and what people read. */
const notCompiled = /\.(test|fixture)\.tsx?$|\/(testing|fixtures|e2e)\/|\.md$/;

/**
 * The folder with the executables of the deployables with these names, or of all, as their sources are now. Each state of the
 * sources is compiled once, whoever asks: tests side by side, `npm run build`, the engine and the bench.
 * @param onBuilt told of each that had to be compiled
 * @throws Error naming the deployable that does not compile, and where
 */
export async function builtExecutables(
  names: readonly string[] = [],
  onBuilt: (built: Built) => void = () => undefined,
): Promise<string> {
  const folder = join(cache, hashOfSources());
  const missing = () => choose(names).filter(({ name }) => !existsSync(join(folder, name)));
  if (missing().length === 0) return folder;
  mkdirSync(folder, { recursive: true });
  const lock = await lockFolder(folder);
  try {
    // Compiling takes all that two processors have, so one process does it, one after the other.
    for (const deployable of missing()) onBuilt(await build(deployable, folder));
    forgetOlder();
  } finally {
    lock.release();
  }
  return folder;
}

/** Compiled under another name first: an executable is whole or absent. */
async function build(deployable: Deployable, folder: string): Promise<Built> {
  const draft = join(folder, `draft-${process.pid}`);
  try {
    const built = await buildDeployable(deployable, draft);
    const path = join(folder, deployable.name);
    renameSync(built.path, path);
    return { ...built, path };
  } catch (error) {
    throw new Error(`${deployable.name} does not compile: ${reasonOf(error)}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function lockFolder(folder: string) {
  for (;;) {
    const lock = lockFile(`${folder}.lock`);
    if (lock !== undefined) return lock;
    await Bun.sleep(100);
  }
}

/** States of the sources that are kept: somebody may still run the executables of the last ones. */
const kept = 3;

function forgetOlder(): void {
  const folders = readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((path) => statSync(path).isDirectory())
    .toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const folder of folders.slice(kept)) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.lock`, { force: true });
  }
}

/** The first of what may be many, with its place. */
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  if (!(first instanceof Error)) return String(first);
  const position = "position" in first ? first.position : undefined;
  const place = typeof position === "object" && position !== null && "file" in position && "line" in position;
  return place ? `${first.message} (${position.file}:${position.line})` : first.message;
}

/** Of everything that is compiled: a change of a test compiles nothing anew. */
function hashOfSources(): string {
  const hash = createHash("sha256").update(Bun.version);
  const patterns = ["bun.lock", "scripts/build.ts", "lib/**/*", "svc/**/*", "web/**/*"];
  for (const path of patterns.flatMap(pathsOf)) {
    if (!notCompiled.test(path)) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex").slice(0, 16);
}
