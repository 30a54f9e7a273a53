import { expect, test } from "bun:test";
import { join } from "node:path";
import { readSources, readWorkspaces, root } from "./repository.ts";

const read = (path: string) => Bun.file(join(root, path)).text();

test("the lock file names no registry: it must serve everyone's", async () => {
  expect(await read("bun.lock")).not.toMatch(/https?:\/\//);
});

test("every dependency is pinned to one version", async () => {
  const folders = [".", ...(await readWorkspaces()).map(({ folder }) => folder)];
  for (const folder of folders) {
    const manifest: Record<string, Record<string, string>> = JSON.parse(await read(`${folder}/package.json`));
    const all = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    const loose = all.filter(([, version]) => version !== "workspace:*" && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect({ folder, loose }).toEqual({ folder, loose: [] });
  }
});

test("every metric that the program makes is documented, and no other", async () => {
  const made = new Set<string>();
  for (const { path, text } of await readSources()) {
    if (/\.test\.tsx?$/.test(path) || !/\.(counter|gauge|histogram)\(/.test(text)) continue;
    for (const [, name = ""] of text.matchAll(/"(rondo_\w+)"/g)) made.add(name);
  }
  const documented = (await read("lib/telemetry/README.md")).matchAll(
    /^\| `(rondo_\w+)` +\| (?:counter|gauge|histogram) /gm,
  );
  expect([...documented].map(([, name = ""]) => name).sort()).toEqual([...made].sort());
});
