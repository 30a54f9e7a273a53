import { dirname, extname, join, normalize } from "node:path";

/** A source file, its path from the root of the repository with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A workspace: its folder from the root, its name, and what it declares. */
export interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

/** lib, lowest first: a package imports only packages before it. */
const layers = [
  "problem",
  "task",
  "event",
  "sidecar",
  "config",
  "telemetry",
  "db",
  "embedded_postgres",
  "coordination",
  "bus",
  "outbox",
  "scheduler",
  "identity",
  "contract",
  "http",
  "client",
  "engine",
  "service",
  "testing",
];

/** What builds, starts and checks the project. Tests start the parts of the engine with it; no program imports it. */
const scripts = "scripts";

/** The one that wires all deployables. */
const standalone = "svc/standalone";

/** The one that looks after them all: it knows their manifests, and lists them for others. */
const operator = "svc/ops";

const loaders: Record<string, "ts" | "tsx" | "js" | "jsx"> = { ".ts": "ts", ".tsx": "tsx", ".mjs": "js", ".js": "js" };

/** What every import, of values and of types, and every use of the environment has against the rules of the house; in words. */
export function violations(files: readonly SourceFile[], workspaces: readonly Workspace[]): readonly string[] {
  return files.flatMap((file) => {
    const home = workspaceOf(file.path, workspaces);
    const told = importsOf(file).flatMap((target) =>
      objections(file.path, target, home, workspaces).map((why) => `${file.path} imports ${target}: ${why}`),
    );
    const reads = readsEnvironment(file) && !mayReadEnvironment(file.path);
    return reads ? [...told, `${file.path} reads the environment: only main.ts does`] : told;
  });
}

/**
 * Every module that the file names in `import`, `export … from`, `import()` and `require()`, for values or types. What the
 * scanner adds of itself, for JSX, is not written anywhere.
 */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const loader = loaders[extname(path)];
  if (loader === undefined) throw new Error(`${path} is not a source file`);
  const scanned = new Bun.Transpiler({ loader }).scanImports(withTypesAsValues(text)).map((found) => found.path);
  const written = scanned.filter((target) => text.includes(`"${target}"`) || text.includes(`'${target}'`));
  const inTypes = [...text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)\s*[.[]/g)].map(([, target = ""]) => target);
  return [...new Set([...written, ...inTypes])];
}

/** The scanner drops `import type`, which binds packages together all the same. */
function withTypesAsValues(text: string): string {
  return text
    .replace(/\bimport\s+type(?=\s+[\w{*])/g, "import")
    .replace(/\bexport\s+type(?=\s*[{*])/g, "export")
    .replace(/([{,]\s*)type\s+(?=\w)/g, "$1");
}

function objections(
  path: string,
  target: string,
  home: Workspace,
  workspaces: readonly Workspace[],
): readonly string[] {
  if (target.startsWith(".")) return relativeObjections(path, target, home, workspaces);
  if (/^(node|bun):|^bun$/.test(target)) return target === "node:process" ? ["use the global process"] : [];
  const name = target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
  const found = [...declarationObjections(path, name, home)];
  if (path.endsWith(".mjs") && home.folder === "scripts") found.push("this runs before anything is installed");
  if (name === "kafkajs" && home.folder !== "svc/ops") found.push("only svc/ops speaks to Kafka itself");
  if (name === "@dapr/dapr" && home.folder !== "svc/ops")
    found.push("services speak to their sidecar through @rondo/sidecar");
  const to = workspaces.find((workspace) => workspace.name === name);
  if (to !== undefined) found.push(...layerObjections(path, home.folder, to.folder, target));
  return found;
}

function relativeObjections(path: string, target: string, home: Workspace, workspaces: readonly Workspace[]): string[] {
  const file = normalize(join(dirname(path), target));
  const inside = !file.startsWith("..") && workspaceOf(file, workspaces) === home;
  if (!inside) return ["a relative path does not leave its package; use @rondo/<name>"];
  return extname(target) === "" ? ["a relative path names its file with .ts or .tsx"] : [];
}

function declarationObjections(path: string, name: string, home: Workspace): string[] {
  if (name === home.name || home.dependencies.includes(name)) return [];
  const providedByRuntime = home.devDependencies.includes(`@types/${name}`);
  if (providedByRuntime) return [];
  if (!home.devDependencies.includes(name)) return [`${home.folder || "the root"} does not declare it`];
  return isForTests(path) ? [] : ["it is declared for tests only"];
}

function layerObjections(path: string, from: string, to: string, target: string): string[] {
  if (from === to) return ["a package does not import itself by name"];
  if (to === scripts) return mayImportScripts(path) ? [] : ["only tests and load tests import scripts"];
  if (!to.startsWith("lib/")) return deployableObjections(from, target);
  if (!from.startsWith("lib/") || (to === "lib/testing" && isForTests(path))) return [];
  const [lower, upper] = [to, from].map((folder) => layers.indexOf(folder.slice("lib/".length)));
  if (lower === undefined || upper === undefined || lower < 0 || upper < 0)
    return ["a package of lib has a place in the order of layers"];
  return lower < upper ? [] : [`${from} is not above ${to}`];
}

function deployableObjections(from: string, target: string): string[] {
  if (from === standalone) return [];
  if (from === scripts && target === "@rondo/ops/services") return [];
  if (from !== operator) return ["only svc/standalone imports a deployable"];
  return /^@rondo\/[^/]+\/manifest$/.test(target) ? [] : ["svc/ops imports nothing of a deployable but its manifest"];
}

/** `lib/testing` and the load tests consist of nothing else than what tests use. */
function mayImportScripts(path: string): boolean {
  return isForTests(path) || path.startsWith("lib/testing/");
}

/** Tests, and what only they use: a folder or file with one of these names. */
export function isForTests(path: string): boolean {
  return /\.(test|fixture)\.tsx?$|\/(fixtures|testing|semantics|e2e)(\/|\.ts$)|^loadtest\//.test(path);
}

function readsEnvironment({ path, text }: SourceFile): boolean {
  if (!/\benv\b/.test(text)) return false;
  const code = new Bun.Transpiler({ loader: loaders[extname(path)] ?? "ts" }).transformSync(text);
  return /\b(process|Bun|import\.meta)\??\.env\b|\benv\b[^{}]*\}\s*=\s*(process|Bun|import\.meta)\b/.test(code);
}

/** `heap.ts` acts before there is a `main.ts` to ask. */
function mayReadEnvironment(path: string): boolean {
  if (path === "lib/config/heap.ts") return true;
  return isForTests(path) || path.startsWith("scripts/") || path.endsWith("/main.ts");
}

/** The innermost workspace around a path: `web/sync` lies within `web`. */
function workspaceOf(path: string, workspaces: readonly Workspace[]): Workspace {
  const [innermost] = workspaces
    .filter(({ folder }) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length);
  if (innermost === undefined) throw new Error(`${path} lies in no package`);
  return innermost;
}
