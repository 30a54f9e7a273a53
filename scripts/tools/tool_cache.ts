import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "./tool.ts";

/** Tools that were built on this machine: `<root>/<tool>-<hash of its recipe>`. */
export interface ToolCache {
  /** The path of what a tool provides, or undefined when it has not been built on this machine. @throws Error for an unknown name */
  path(name: string): string | undefined;
  /** Builds what is missing of the tools with these names, or of all. @returns a line for each that could not be built, saying why */
  make(names: readonly string[], say: (line: string) => void): Promise<readonly string[]>;
}

/** @param progressMs between two lines about a build under way */
export function createToolCache(root: string, tools: readonly Tool[], progressMs = 10_000): ToolCache {
  const called = (name: string) => (tool: Tool) => tool.name === name || name in tool.provides;
  const find = (name: string): Tool => {
    const found = tools.find(called(name));
    if (found !== undefined) return found;
    throw new Error(`There is no tool called ${name}; there are: ${tools.map((tool) => tool.name).join(", ")}.`);
  };
  return {
    path(name) {
      const tool = find(name);
      const inside = tool.provides[name];
      const path = join(folderOf(root, tool), inside ?? "");
      return inside !== undefined && existsSync(path) ? path : undefined;
    },
    async make(names, say) {
      const chosen = new Set(names.length === 0 ? tools : names.map(find));
      const problems: string[] = [];
      for (const tool of chosen) {
        const problem = await makeTool(root, tool, say, progressMs);
        if (problem !== undefined) problems.push(problem);
      }
      return problems;
    },
  };
}

async function makeTool(
  root: string,
  tool: Tool,
  say: (line: string) => void,
  progressMs: number,
): Promise<string | undefined> {
  const folder = folderOf(root, tool);
  if (isWhole(folder, tool)) {
    say(`${tool.name}: ready (${tool.title})`);
    return undefined;
  }
  const lacking = tool.needs.filter(({ program }) => Bun.which(program) === null);
  if (lacking.length > 0) {
    const why = lacking.map(({ program, get }) => `${program} is not installed (on Debian: ${get})`).join(", and ");
    return `${tool.name}: not made, because ${why}`;
  }
  say(`${tool.name}: making ${tool.title}; the first time takes some minutes`);
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 1000);
  let how_far = "starting";
  const report = setInterval(() => say(`${tool.name}: ${how_far}, ${seconds()} s`), progressMs);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    await tool.make(draft, (now) => {
      how_far = now;
    });
    forgetOlder(root, tool);
    renameSync(draft, folder);
  } catch (error) {
    // Another one has made it meanwhile.
    if (!isWhole(folder, tool)) return `${tool.name}: not made: ${error instanceof Error ? error.message : error}`;
  } finally {
    clearInterval(report);
    rmSync(draft, { recursive: true, force: true });
  }
  say(`${tool.name}: made in ${seconds()} s`);
  return undefined;
}

function isWhole(folder: string, tool: Tool): boolean {
  return Object.values(tool.provides).every((path) => existsSync(join(folder, path)));
}

function forgetOlder(root: string, tool: Tool): void {
  const ours = new RegExp(`^${tool.name}-[0-9a-f]{12}$`);
  for (const entry of readdirSync(root)) if (ours.test(entry)) rmSync(join(root, entry), { recursive: true });
}

function folderOf(root: string, tool: Tool): string {
  const hash = createHash("sha256").update(`${tool.recipe()} ${process.platform} ${process.arch}`).digest("hex");
  return join(root, `${tool.name}-${hash.slice(0, 12)}`);
}
