import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@rondo/testing";
import { root } from "./repository.ts";

/** A repository of one package and one service, with the real configuration, and these files over it. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder("knip");
  const all: Readonly<Record<string, string>> = {
    "package.json": `{ "name": "planted", "private": true, "workspaces": ["lib/*", "svc/*"] }`,
    "lib/used/package.json": `{ "name": "@rondo/used", "exports": { ".": "./index.ts" } }`,
    "lib/used/index.ts": `export { live } from "./live.ts";\n`,
    "lib/used/live.ts": "export const live = 1;\n",
    "svc/one/package.json": `{ "name": "@rondo/one", "dependencies": { "@rondo/used": "workspace:*" } }`,
    "svc/one/main.ts": `import { live } from "@rondo/used";\nprocess.stdout.write(String(live));\n`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  copyFileSync(join(root, "knip.json"), join(folder, "knip.json"));
  return folder;
}

function findIn(folder: string): { code: number; output: string } {
  const program = [process.execPath, join(root, "node_modules/knip/bin/knip.js"), "--no-progress"];
  const { exitCode: code, stdout } = Bun.spawnSync([...program, "--no-config-hints", "--directory", folder]);
  return { code, output: stdout.toString() };
}

test("what is used is not reported", () => {
  expect(findIn(plant({}))).toEqual({ code: 0, output: "" });
});

test.each([
  [
    "an export that nobody imports, also from a package's index",
    {
      "lib/used/index.ts": `export { dead, live } from "./live.ts";\n`,
      "lib/used/live.ts": "export const live = 1;\nexport const dead = 2;\n",
    },
    /dead +lib\/used\/index\.ts/,
  ],
  [
    "a file that nobody imports",
    { "lib/used/dead.ts": "export const dead = 1;\n" },
    /Unused files.*lib\/used\/dead\.ts/s,
  ],
  [
    "a dependency that nobody imports",
    {
      "lib/used/package.json": `{ "name": "@rondo/used", "exports": { ".": "./index.ts" }, "dependencies": { "left": "1.0.0" } }`,
    },
    /Unused dependencies.*left +lib\/used\/package\.json/s,
  ],
])("%s is found", (_, files, expected) => {
  const { code, output } = findIn(plant(files));
  expect(code).toBe(1);
  expect(output).toMatch(expected);
});
