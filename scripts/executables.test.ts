import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Built } from "./build.ts";
import { builtExecutables } from "./executables.ts";

test("an executable of these sources is compiled once, however many ask at the same time and again", async () => {
  const built: Built[] = [];
  const ask = () => builtExecutables(["ops"], (one) => built.push(one));
  const [folder, same] = await Promise.all([ask(), ask()]);
  expect(same).toBe(folder);
  expect(built.length).toBeLessThan(2);
  const executable = join(folder, "ops");
  expect(statSync(executable).mode & 0o111).not.toBe(0);
  const { ino } = statSync(executable);
  expect(await ask()).toBe(folder);
  expect(statSync(executable).ino).toBe(ino);
  expect(existsSync(join(folder, `draft-${process.pid}`))).toBe(false);
});

test("an unknown name is refused before anything is compiled", async () => {
  await expect(builtExecutables(["nothing"])).rejects.toThrow("there is no nothing to build");
});
