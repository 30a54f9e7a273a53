import { dirname, join } from "node:path";
import type { SourceFile, Workspace } from "./imports.ts";

export const root = join(import.meta.dir, "..");

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Paths from the root that match, without what was installed or built, in order. */
export function pathsOf(pattern: string): readonly string[] {
  const paths = [...new Bun.Glob(pattern).scanSync({ cwd: root, followSymlinks: false })];
  return paths.filter((path) => !/(^|\/)(node_modules|dist)\//.test(path)).sort();
}

/** All workspaces of the repository. */
export async function readWorkspaces(): Promise<readonly Workspace[]> {
  const { workspaces }: { workspaces: readonly string[] } = await Bun.file(join(root, "package.json")).json();
  return Promise.all(workspaces.flatMap((pattern) => pathsOf(`${pattern}/package.json`)).map(readWorkspace));
}

async function readWorkspace(path: string): Promise<Workspace> {
  const manifest: Manifest = await Bun.file(join(root, path)).json();
  return {
    folder: dirname(path),
    name: manifest.name,
    dependencies: Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
  };
}

/** All source files of the repository. */
export async function readSources(): Promise<readonly SourceFile[]> {
  return Promise.all(
    pathsOf("{lib,svc,web,loadtest,scripts}/**/*.{ts,tsx,mjs,js}").map(async (path) => ({
      path,
      text: await Bun.file(join(root, path)).text(),
    })),
  );
}
