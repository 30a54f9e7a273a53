import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository.ts";

test("every file that the walk-through names is there", async () => {
  const text = await Bun.file(join(root, ".github/docs/add-a-thing.md")).text();
  const named = [...text.matchAll(/`((?:lib|svc|web)\/[\w./]+)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const inside = text.slice(text.indexOf("in `svc/api/project`"), text.indexOf("6. **Pages**"));
  const verbs = [...inside.matchAll(/`(\w+\.ts)`/g)].map(([, file = ""]) => join(root, "svc/api/project", file));
  expect(verbs.length).toBeGreaterThan(8);
  expect(verbs.filter((path) => !existsSync(path))).toEqual([]);
});
