import { beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, waitFor } from "@rondo/testing";
import { run } from "./run.ts";
import type { Tool } from "./tool.ts";
import { createToolCache } from "./tool_cache.ts";

let root = "";
let said: string[] = [];
const say = (line: string) => {
  said.push(line);
};
beforeEach(() => {
  root = temporaryFolder("tools");
  said = [];
});

function hammer(changes: Partial<Tool> = {}): Tool {
  return {
    name: "hammer",
    title: "hammer 1",
    recipe: () => "iron",
    needs: [{ program: "sh", get: "apt-get install dash" }],
    provides: { hammer: "head", handle: "wood" },
    make: async (folder) => {
      writeFileSync(join(folder, "head"), "");
      writeFileSync(join(folder, "wood"), "");
    },
    ...changes,
  };
}

test("a tool is made once, and then found by everything that it provides", async () => {
  const cache = createToolCache(root, [hammer()]);
  expect(cache.path("hammer")).toBeUndefined();
  expect(await cache.make([], say)).toEqual([]);
  expect(said).toEqual([
    "hammer: making hammer 1; the first time takes some minutes",
    expect.stringMatching(/^hammer: made in \d+ s$/),
  ]);
  for (const name of ["hammer", "handle"]) expect(existsSync(cache.path(name) ?? "")).toBeTrue();

  said = [];
  expect(await cache.make(["handle", "hammer"], say)).toEqual([]);
  expect(said).toEqual(["hammer: ready (hammer 1)"]);
});

test("another recipe makes it anew and leaves nothing of the former one", async () => {
  await createToolCache(root, [hammer()]).make([], say);
  const [before] = readdirSync(root);
  const changed = createToolCache(root, [hammer({ recipe: () => "steel" })]);
  expect(changed.path("hammer")).toBeUndefined();
  await changed.make([], say);
  expect(readdirSync(root)).toHaveLength(1);
  expect(readdirSync(root)).not.toEqual([before ?? ""]);
});

describe("what cannot be made is one line that says why:", () => {
  test("programs are missing, and how to get them", async () => {
    const needs = ["anvil-nobody-has", "forge-nobody-has"].map((program) => ({ program, get: `get ${program}` }));
    const [problem] = await createToolCache(root, [hammer({ needs })]).make([], say);
    expect(problem).toBe(
      "hammer: not made, because anvil-nobody-has is not installed (on Debian: get anvil-nobody-has), and forge-nobody-has is not installed (on Debian: get forge-nobody-has)",
    );
    expect(said).toEqual([]);
  });

  test("the making fails: its last words, nothing left behind, and the other tools are made", async () => {
    const broken = hammer({ name: "saw", make: () => run(["sh", "-c", "echo bent; echo teeth gone >&2; exit 1"]) });
    const problems = await createToolCache(root, [broken, hammer()]).make([], say);
    expect(problems).toEqual([expect.stringMatching(/^saw: not made: (bent · teeth gone|teeth gone · bent)$/)]);
    expect(readdirSync(root)).toEqual([expect.stringMatching(/^hammer-[0-9a-f]{12}$/)]);
  });

  test("Maven's complaint is the marked line, not what follows", async () => {
    const talk = "echo before; echo '[ERROR] no such jar'; echo; echo 'read more'; exit 1";
    expect(run(["sh", "-c", talk])).rejects.toThrow(/^\[ERROR\] no such jar$/);
  });

  test("nobody knows a tool of this name", async () => {
    const cache = createToolCache(root, [hammer()]);
    const why = "There is no tool called drill; there are: hammer.";
    expect(() => cache.path("drill")).toThrow(why);
    expect(cache.make(["drill"], say)).rejects.toThrow(why);
  });
});

test("a tool that somebody else finishes meanwhile is used", async () => {
  const other = createToolCache(root, [hammer()]);
  const slow = hammer({
    make: async () => {
      await other.make([], () => undefined);
      throw new Error("too late");
    },
  });
  expect(await createToolCache(root, [slow]).make([], say)).toEqual([]);
});

test("a long making tells how far it has come", async () => {
  const make: Tool["make"] = async (folder, progress) => {
    progress("half way");
    await waitFor(() => said.some((line) => line.startsWith("hammer: half way, ")), { what: "a report" });
    await hammer().make(folder, progress);
  };
  expect(await createToolCache(root, [hammer({ make })], 5).make([], say)).toEqual([]);
});
