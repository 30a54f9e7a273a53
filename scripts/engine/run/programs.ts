import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDeployable, choose } from "../../build.ts";
import { pathsOf, root } from "../../repository.ts";

/** Tests, what is for them only, and what people read. */
const notCompiled = /\.(test|fixture)\.tsx?$|\/(testing|fixtures|e2e)\/|\.md$/;

/**
 * Where the executables of the deployables with these names are, built when anything has changed since they were built last: the
 * sources, or what they import from elsewhere.
 * @throws Error when one does not compile
 */
export async function builtPrograms(
  names: readonly string[],
  folder: string,
  say: (line: string) => void,
): Promise<(name: string) => string> {
  mkdirSync(folder, { recursive: true });
  const stamp = join(folder, "built_from");
  const sources = hashOfSources();
  const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
  const outdated = choose(names).filter(({ name }) => !fresh || !existsSync(join(folder, name)));
  for (const deployable of outdated) {
    const { name, seconds } = await buildDeployable(deployable, folder).catch((error: unknown) => {
      throw new Error(`${deployable.name} does not compile: ${reasonOf(error)}`);
    });
    say(`${name}: built in ${seconds.toFixed(1)} s`);
  }
  writeFileSync(stamp, sources);
  return (name) => join(folder, name);
}

/** The first of what may be many, with its place. */
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  if (!(first instanceof Error)) return String(first);
  const position = "position" in first ? first.position : undefined;
  const place = typeof position === "object" && position !== null && "file" in position && "line" in position;
  return place ? `${first.message} (${position.file}:${position.line})` : first.message;
}

function hashOfSources(): string {
  const hash = createHash("sha256").update(Bun.version);
  for (const pattern of ["bun.lock", "lib/**/*", "svc/**/*", "web/**/*"]) {
    for (const path of pathsOf(pattern)) {
      if (!notCompiled.test(path)) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
    }
  }
  return hash.digest("hex");
}
