import { describe, expect, test } from "bun:test";
import { importsOf, violations, type Workspace } from "./imports.ts";
import { readSources, readWorkspaces } from "./repository.ts";

const all = ["problem", "event", "db", "http", "api", "audit", "standalone", "web", "sync"].map(
  (name) => `@rondo/${name}`,
);
const workspace = (folder: string, name: string, more: Partial<Workspace> = {}): Workspace => ({
  folder,
  name: `@rondo/${name}`,
  dependencies: [...all, "@rondo/scripts", "postgres", "kafkajs", "@dapr/dapr"],
  devDependencies: ["@rondo/testing", "fast-check"],
  ...more,
});
const workspaces = [
  ...["problem", "event", "db", "http", "testing", "homeless"].map((name) => workspace(`lib/${name}`, name)),
  workspace("scripts", "scripts"),
  ...["api", "audit", "standalone", "ops"].map((name) => workspace(`svc/${name}`, name)),
  workspace("web", "web"),
  workspace("web/sync", "sync"),
  workspace("loadtest", "loadtest", { dependencies: ["@rondo/db"], devDependencies: ["@types/k6"] }),
];

const judge = (path: string, text: string) => violations([{ path, text }], workspaces);

test("every import of the repository keeps the rules", async () => {
  const sources = await readSources();
  expect(sources.length).toBeGreaterThan(50);
  expect(violations(sources, await readWorkspaces())).toEqual([]);
});

describe("what is refused", () => {
  const refused: readonly [name: string, path: string, text: string, why: string][] = [
    [
      "a lower package importing a higher one",
      "lib/db/a.ts",
      'import { x } from "@rondo/http";',
      "lib/db is not above lib/http",
    ],
    [
      "the same for its types only",
      "lib/db/a.ts",
      'import type { X } from "@rondo/http";',
      "lib/db is not above lib/http",
    ],
    ["the same through an export", "lib/db/a.ts", 'export * from "@rondo/http";', "lib/db is not above lib/http"],
    ["the same at run time", "lib/db/a.ts", 'const x = await import("@rondo/http");', "lib/db is not above lib/http"],
    [
      "lib importing a service",
      "lib/http/a.ts",
      'import { x } from "@rondo/api";',
      "only svc/standalone imports a deployable",
    ],
    [
      "lib importing the web",
      "lib/http/a.ts",
      'import { x } from "@rondo/web";',
      "only svc/standalone imports a deployable",
    ],
    [
      "a service importing another",
      "svc/api/a.ts",
      'import { x } from "@rondo/audit";',
      "only svc/standalone imports a deployable",
    ],
    [
      "the operator importing a service",
      "svc/ops/a.ts",
      'import { x } from "@rondo/api";',
      "svc/ops imports nothing of a deployable but its manifest",
    ],
    [
      "the operator importing another part of a service",
      "svc/ops/a.ts",
      'import { x } from "@rondo/audit/manifest/more";',
      "svc/ops imports nothing of a deployable but its manifest",
    ],
    [
      "another service importing a manifest",
      "svc/api/a.ts",
      'import { x } from "@rondo/audit/manifest";',
      "only svc/standalone imports a deployable",
    ],
    [
      "the web importing a service",
      "web/a.tsx",
      'import type { X } from "@rondo/api";',
      "only svc/standalone imports a deployable",
    ],
    [
      "sync importing the web",
      "web/sync/a.ts",
      'import { x } from "@rondo/web";',
      "only svc/standalone imports a deployable",
    ],
    [
      "a package of lib without a place",
      "lib/homeless/a.ts",
      'import { x } from "@rondo/db";',
      "has a place in the order of layers",
    ],
    [
      "a relative path into another package",
      "lib/http/a.ts",
      'import { x } from "../db/index.ts";',
      "does not leave its package",
    ],
    [
      "a relative path from web into sync",
      "web/a.ts",
      'import { x } from "./sync/hub.ts";',
      "does not leave its package",
    ],
    [
      "a relative path out of the repository",
      "lib/http/a.ts",
      'import x from "../../../x.ts";',
      "does not leave its package",
    ],
    [
      "a relative path without its ending",
      "lib/http/a.ts",
      'import { x } from "./b";',
      "names its file with .ts or .tsx",
    ],
    [
      "a package that is not declared",
      "loadtest/a.ts",
      'import { x } from "@rondo/http";',
      "loadtest does not declare it",
    ],
    [
      "a library for tests in the program",
      "lib/db/a.ts",
      'import fc from "fast-check";',
      "it is declared for tests only",
    ],
    ["testing in the program", "svc/api/a.ts", 'import { x } from "@rondo/testing";', "it is declared for tests only"],
    [
      "scripts in a package of lib",
      "lib/db/a.ts",
      'import { x } from "@rondo/scripts/engine";',
      "only tests and load tests import scripts",
    ],
    [
      "scripts in a service",
      "svc/api/a.ts",
      'import { x } from "@rondo/scripts/engine";',
      "only tests and load tests import scripts",
    ],
    [
      "scripts importing a service",
      "scripts/a.ts",
      'import { x } from "@rondo/api";',
      "only svc/standalone imports a deployable",
    ],
    [
      "Dapr's client outside of svc/ops",
      "svc/api/a.ts",
      'const { DaprClient } = await import("@dapr/dapr");',
      "services speak to their sidecar through @rondo/sidecar",
    ],
    [
      "kafkajs outside of svc/ops",
      "svc/api/a.ts",
      'import { Kafka } from "kafkajs";',
      "only svc/ops speaks to Kafka itself",
    ],
    [
      "a dependency of the bootstrap",
      "scripts/a.mjs",
      'import postgres from "postgres";',
      "before anything is installed",
    ],
    ["a package importing itself", "lib/db/a.ts", 'import { x } from "@rondo/db";', "does not import itself by name"],
    ["the environment in a service", "svc/api/app.ts", "export const port = process.env.PORT;", "only main.ts does"],
    ["the environment in lib", "lib/http/a.ts", "export const port = Bun.env.PORT;", "only main.ts does"],
    ["the environment taken apart", "lib/http/a.ts", "export const { env } = process;", "only main.ts does"],
    ["the environment by its module", "lib/http/a.ts", 'import { env } from "node:process";', "use the global process"],
  ];
  for (const [name, path, text, why] of refused) {
    test(name, () => expect(judge(path, text)).toEqual([expect.stringContaining(why)]));
  }
});

describe("what is allowed", () => {
  const allowed: readonly [name: string, path: string, text: string][] = [
    [
      "a higher package importing a lower one",
      "lib/http/a.ts",
      'import { x } from "@rondo/db"; import { y } from "./b.ts";',
    ],
    ["a part of a lower package", "lib/http/a.ts", 'import { x } from "@rondo/db/part";'],
    [
      "standalone importing everything",
      "svc/standalone/a.ts",
      'import "@rondo/api"; import "@rondo/web"; import "@rondo/sync";',
    ],
    [
      "a test using lib/testing and scripts, whatever its layer",
      "lib/db/a.test.ts",
      'import { x } from "@rondo/testing"; import { y } from "@rondo/scripts/engine"; import fc from "fast-check";',
    ],
    ["the operator importing the manifest of a service", "svc/ops/a.ts", 'import { x } from "@rondo/api/manifest";'],
    ["Dapr's client in svc/ops", "svc/ops/a.ts", 'await import("@dapr/dapr");'],
    ["kafkajs in svc/ops", "svc/ops/a.ts", 'import { Kafka } from "kafkajs";'],
    ["the environment in main.ts, in tests and in scripts", "svc/api/main.ts", "start(process.env);"],
    ["a word about the environment", "lib/http/a.ts", "/** Never process.env. */\nexport const env = { PATH: 1 };"],
    ["what the runtime of a load test provides", "loadtest/k6/a.ts", 'import http from "k6/http";'],
    ["an import within a text", "lib/db/a.ts", "export const text = 'import x from \"@rondo/http\"';"],
  ];
  for (const [name, path, text] of allowed) test(name, () => expect(judge(path, text)).toEqual([]));
});

test("an import is found in every form", () => {
  const seventeenth = '"17"';
  const text = `
    import a from "1"; import { b, type C } from "2"; import type D from "3"; import type { E } from "4"; import { type F } from "5";
    import * as g from "6"; import type * as H from "7"; import "8"; import i from "9" with { type: "file" };
    export { j } from "10"; export type { K } from "11"; export * from "12"; export type * from "13"; export * as l from "14";
    const m = await import("15"); const n = require("16"); type O = import(${seventeenth}).P; export type Q = string;
    // import r from "18";`;
  const numbers = importsOf({ path: "a.ts", text })
    .map(Number)
    .sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  expect(importsOf({ path: "a.tsx", text: 'import x from "1"; export const y = <p>{x}</p>;' })).toEqual(["1"]);
});
