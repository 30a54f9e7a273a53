import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Program, spawnProgram, temporaryFolder, waitFor } from "@rondo/testing";
import { root } from "./repository.ts";

/** The repository a second time, with the dependencies that are installed here: its files may be changed. */
function copyRepository(): string {
  const copy = join(temporaryFolder("dev"), "rondo");
  for (const name of ["lib", "scripts", "svc", "web", "package.json", "bun.lock", "bunfig.toml", "tsconfig.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  const modules = join(copy, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== stamp) symlinkSync(join(root, "node_modules", name), join(modules, name));
  const lock = createHash("sha256").update(readFileSync(join(copy, "bun.lock")));
  writeFileSync(join(modules, stamp), lock.digest("hex"));
  return copy;
}

/** By which a command sees that nothing needs to be installed. */
const stamp = ".rondo-lock";

/** Where Rondo listens after so many starts. */
async function originOf(program: Program, starts: number): Promise<string> {
  const ready = () => [...program.stdout().matchAll(/Rondo is ready: (\S+)/g)][starts - 1]?.[1];
  return waitFor(ready, { what: `start ${starts}` });
}

/** The text of the asset as the sign-in page has it now. */
async function assetOf(origin: string, pattern: RegExp): Promise<string> {
  const [path = ""] = pattern.exec(await (await fetch(`${origin}/sign-in`)).text()) ?? [];
  return (await fetch(`${origin}${path}`)).text();
}

test("npm run dev starts anew when a style or a script of the browser changes, and serves it", async () => {
  const copy = copyRepository();
  const node = Bun.which("node") ?? process.execPath;
  await using program = spawnProgram([node, join(copy, "scripts/run.mjs"), "dev"], {
    cwd: copy,
    env: {
      PATH: dirname(process.execPath) + delimiter + process.env.PATH,
      RONDO_DATA_DIR: temporaryFolder("dev-data"),
      RONDO_PORT: "0",
      RONDO_ADMIN_PORT: "0",
      RONDO_LOG_LEVEL: "error",
    },
  });
  await originOf(program, 1);

  appendFileSync(join(copy, "web/shell/tokens.css"), "\n.made-by-the-test { color: red; }\n");
  expect(await assetOf(await originOf(program, 2), /\/assets\/app-\w+\.css/)).toContain(".made-by-the-test");

  appendFileSync(join(copy, "web/client/main.ts"), '\nwindow.name = "made by the test";\n');
  expect(await assetOf(await originOf(program, 3), /\/assets\/app-\w+\.js/)).toContain("made by the test");

  program.kill("SIGTERM");
  await program.expectExit(0);
});
