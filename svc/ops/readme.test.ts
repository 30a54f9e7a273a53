import { expect, test } from "bun:test";
import { expectTableCurrent } from "@rondo/config";
import { commands } from "./commands.ts";

test("the table of the README is what the commands read from the environment", async () => {
  const variables = commands
    .flatMap(({ options }) => Object.values(options))
    .filter(({ environment }) => environment)
    .map(({ variable }) => [variable.name, variable] as const);
  await expectTableCurrent(new URL("README.md", import.meta.url), Object.fromEntries(variables));
});

test("every command has its place in the README", async () => {
  const text = await Bun.file(new URL("README.md", import.meta.url)).text();
  for (const { name } of commands) expect(text).toContain(name);
});
