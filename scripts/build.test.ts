import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Built, buildDeployable, choose, deployables } from "./build.ts";

describe("an executable", () => {
  let folder: string;
  let built: Built;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rondo-build-"));
    built = await buildDeployable({ name: "program", main: "scripts/fixtures/program.ts" }, folder);
    await Bun.write(join(folder, ".env"), "FROM_DOTENV=loaded\n");
    await Bun.write(join(folder, "bunfig.toml"), 'preload = ["./missing.ts"]\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("is one file", async () => {
    expect((await readdir(folder)).sort()).toEqual([".env", "bunfig.toml", "program"]);
    expect(built).toMatchObject({ name: "program", path: join(folder, "program") });
  });

  test("reads neither .env nor bunfig.toml where it is started, and knows its source", async () => {
    const child = Bun.spawn([built.path], { cwd: folder, env: {}, stdout: "pipe", stderr: "pipe" });
    const [text, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    expect({ code: await child.exited, complaint }).toEqual({ code: 0, complaint: "" });
    const { dotenv, stack }: { dotenv: string | null; stack: string } = JSON.parse(text);
    expect(dotenv).toBeNull();
    expect(stack).toContain("fixtures/program.ts:3:");
  });
});

test("every deployable has a name of its own, and an unknown name is refused with what there is", () => {
  const names = deployables().map(({ name }) => name);
  expect(names).toContain("standalone");
  expect(new Set(names).size).toBe(names.length);
  expect(choose(["standalone"]).map(({ main }) => main)).toEqual(["svc/standalone/main.ts"]);
  expect(() => choose(["nothing"])).toThrow("there is no nothing to build; there is ");
});
