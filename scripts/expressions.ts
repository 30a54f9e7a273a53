import { parseSync, Visitor } from "oxc-parser";
import { checkSync, type Diagnostics } from "recheck/lib/browser.js";
import type { SourceFile } from "./imports.ts";

/**
 * A bound for a hang, not for a slow machine: most take milliseconds. An expression that is not judged by then is refused. The judge
 * counts steps with the same random numbers each time; its own clocks, which would call an expression slow because the machine is, are off.
 */
const settings = { timeout: 120_000, incubationTimeout: null, attackTimeout: null, randomSeed: 1 };

/**
 * What each regular expression of these files has against it, in words: that there are texts for which it takes more than linear
 * time (a stranger would send them), or that it cannot be judged, because it is made at run time or too involved.
 * @param safe literals that were found safe before; what is found safe now is added
 */
export function expressionViolations(files: readonly SourceFile[], safe = new Set<string>()): readonly string[] {
  return files.flatMap((file) =>
    expressionsOf(file).flatMap((expression) => {
      if (expression === "computed")
        return [`${file.path} makes a regular expression at run time: write it as a literal`];
      const literal = `/${expression.pattern}/${expression.flags}`;
      const why = safe.has(literal) ? undefined : objection(expression);
      if (why !== undefined) return [`${file.path}: ${literal} ${why}`];
      safe.add(literal);
      return [];
    }),
  );
}

interface Literal {
  readonly pattern: string;
  readonly flags: string;
}

function expressionsOf({ path, text }: SourceFile): readonly (Literal | "computed")[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const found: (Literal | "computed")[] = [];
  const visitCall = ({ callee }: { callee: { type: string; name?: unknown } }) => {
    if (callee.type === "Identifier" && callee.name === "RegExp") found.push("computed");
  };
  new Visitor({
    Literal: (node) => "regex" in node && found.push(node.regex),
    NewExpression: visitCall,
    CallExpression: visitCall,
  }).visit(program);
  return found;
}

function objection({ pattern, flags }: Literal): string | undefined {
  if (!repeats(pattern)) return undefined;
  const verdict: Diagnostics = checkSync(pattern, flags, settings);
  if (verdict.status === "safe") return undefined;
  if (verdict.status === "unknown") return `cannot be judged (${verdict.error.kind}): make it simpler`;
  return `takes ${verdict.complexity.summary} time for ${verdict.attack.pattern}`;
}

/** Whether something repeats without bound or within another repetition; one repetition with a bound is always cheap. */
function repeats(pattern: string): boolean {
  return /[*+]|\{\d+,\}/.test(pattern) || pattern.split("{").length > 2;
}
