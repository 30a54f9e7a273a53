import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Engines and load tools that come as sources, not as packages for JavaScript. Each is built once, into a folder named by the
 * hash of what it is made from, so that a changed pin builds anew and an unchanged one costs nothing.
 */
interface Tool {
  readonly name: string;
  /** What it is made from; its hash names the folder. */
  readonly recipe: string;
  /** The program that builds it and must be on the machine. */
  readonly builder: string;
  /** Leaves the executable `<folder>/<name>` behind. */
  readonly build: (folder: string) => Promise<void>;
}

const cacheFolder = join(import.meta.dir, "../../.rondo/tools");

const tools: readonly Tool[] = [
  {
    name: "k6",
    recipe: "go.k6.io/k6@v1.8.1",
    builder: "go",
    build: (folder) =>
      run(["go", "install", "-trimpath", "-ldflags=-s -w", "go.k6.io/k6@v1.8.1"], {
        GOBIN: folder,
        CGO_ENABLED: "0",
        GOFLAGS: "-buildvcs=false",
        GOTOOLCHAIN: "auto",
      }),
  },
];

/** The path of a built tool, or undefined when `npm run tools` has not built it on this machine. */
export function toolPath(name: string): string | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined)
    throw new Error(`There is no tool called ${name}; there are: ${tools.map((each) => each.name).join(", ")}.`);
  const path = join(folderOf(tool), tool.name);
  return existsSync(path) ? path : undefined;
}

/** Builds what is missing. @returns one line for each tool that could not be built, saying for want of what. */
export async function buildTools(names: readonly string[], say: (line: string) => void): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const tool of tools.filter((each) => names.length === 0 || names.includes(each.name))) {
    const problem = await buildTool(tool, say);
    if (problem !== undefined) missing.push(problem);
  }
  return missing;
}

async function buildTool(tool: Tool, say: (line: string) => void): Promise<string | undefined> {
  const folder = folderOf(tool);
  if (existsSync(join(folder, tool.name))) {
    say(`${tool.name}: ready (${tool.recipe})`);
    return undefined;
  }
  if (Bun.which(tool.builder) === null) return `${tool.name}: not built, because ${tool.builder} is not installed`;
  say(`${tool.name}: building ${tool.recipe}; the first time takes a few minutes`);
  const started = performance.now();
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    await tool.build(draft);
    forgetOlder(tool);
    renameSync(draft, folder);
  } catch (error) {
    return `${tool.name}: not built: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  say(`${tool.name}: built in ${Math.round((performance.now() - started) / 1000)} s`);
  return undefined;
}

function forgetOlder(tool: Tool): void {
  for (const entry of readdirSync(cacheFolder)) {
    if (new RegExp(`^${tool.name}-[0-9a-f]{12}$`).test(entry)) rmSync(join(cacheFolder, entry), { recursive: true });
  }
}

function folderOf(tool: Tool): string {
  const hash = createHash("sha256").update(`${tool.recipe} ${process.platform} ${process.arch}`).digest("hex");
  return join(cacheFolder, `${tool.name}-${hash.slice(0, 12)}`);
}

async function run(command: string[], env: Record<string, string>): Promise<void> {
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    stdout: "ignore",
    stderr: "pipe",
    stdin: "ignore",
  });
  const complaint = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(complaint.trim().split("\n").slice(-3).join(" · "));
}

if (import.meta.main) {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const missing = await buildTools(process.argv.slice(2), say);
  missing.forEach(say);
  process.exit(missing.length === 0 ? 0 : 1);
}
