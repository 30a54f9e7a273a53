import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { version } from "recheck/package.json";
import { expressionViolations } from "./expressions.ts";
import { isForTests } from "./imports.ts";
import { readSources, root } from "./repository.ts";

const judge = (text: string) => expressionViolations([{ path: "web/a.tsx", text }]);

test("every regular expression of the product takes linear time, whatever a stranger sends", async () => {
  const product = (await readSources()).filter(({ path }) => /^(lib|svc|web)\//.test(path) && !isForTests(path));
  expect(product.length).toBeGreaterThan(300);
  // Judging all of them takes 7 s, so those that were safe are remembered; each version of the judge begins anew.
  const memory = Bun.file(join(root, `.rondo/safe-expressions-${version}.json`));
  const known: readonly string[] = (await memory.exists()) ? await memory.json() : [];
  const safe = new Set(known);
  expect(expressionViolations(product, safe)).toEqual([]);
  if (safe.size > known.length) await memory.write(JSON.stringify([...safe]));
});

describe("what is refused", () => {
  test("exponential backtracking", () => {
    expect(judge("const local = /^[a-z]+(['.]?[a-z]+)*$/;")).toEqual([
      expect.stringContaining("web/a.tsx: /^[a-z]+(['.]?[a-z]+)*$/ takes exponential time for"),
    ]);
  });

  test("quadratic backtracking, also by starting again at each place", () => {
    expect(judge("text.replace(/^a*b?a*$/, '')")).toEqual([
      expect.stringContaining("takes 2nd degree polynomial time"),
    ]);
    expect(judge("export const trim = (text: string) => <b>{text.replace(/a+$/g, '')}</b>;")).toHaveLength(1);
  });

  test("one that is made at run time", () => {
    expect(judge("new RegExp(text); RegExp('a')")).toEqual(
      Array(2).fill("web/a.tsx makes a regular expression at run time: write it as a literal"),
    );
  });
});

test("what cannot backtrack is allowed, and what only looks like an expression", () => {
  expect(judge("const atoms = /^[a-z]+(?:[.][a-z]+)*$/; const text = '/(a*)*$/'; // /(a*)*$/\n1 / 2 / 3;")).toEqual([]);
});
