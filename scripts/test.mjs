import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { run } from "./bootstrap.mjs";

/** A test that takes longer than this hangs. It bounds hangs and does not judge speed: a machine may be several times slower. */
const hangMs = 300_000;

/** All tests, or those below the given paths. Says at the end what was skipped, and how many passed. @returns the exit code */
export async function test({ bun, env }, paths) {
  const folder = mkdtempSync(join(os.tmpdir(), "rondo-test-"));
  const skips = join(folder, "skips");
  const results = join(folder, "junit.xml");
  try {
    const reports = ["--reporter=junit", `--reporter-outfile=${results}`];
    const args = ["test", ...reports, `--timeout=${hangMs}`, "--max-concurrency=5", ...paths];
    const code = await run(bun, args, { env: { ...env, RONDO_SKIP_REPORT: skips } });
    return report(code, existsSync(results), count(results), lines(skips));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints what was skipped and the closing line, and answers the exit code. A red run without a failed test, and one without any test, fail too. */
function report(code, ended, { tests, failed, skipped }, reasons) {
  const passed = tests - failed - skipped;
  const outside = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
  const why = ended ? "something failed outside of any test" : "bun test did not come to its end";
  if (reasons.length > 0)
    print(`\nSKIPPED, for want of what this machine lacks:\n${reasons.map((line) => `  ! ${line}\n`).join("")}`);
  if (outside > 0) print(`\n${ended && code === 0 ? "no test was run" : `${why} (exit code ${code}); see above`}\n`);
  print(`\n${passed} passed, ${failed + outside} failed, ${skipped} skipped\n`);
  return code === 0 && failed + outside > 0 ? 1 : code;
}

/** The totals on the root element of the JUnit file, which is missing when bun test did not come to its end. */
function count(file) {
  const rootElement = existsSync(file) ? (/<testsuites\b[^>]*>/.exec(readFileSync(file, "utf8"))?.[0] ?? "") : "";
  const total = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(rootElement)?.[1] ?? 0);
  return { tests: total("tests"), failed: total("failures") + total("errors"), skipped: total("skipped") };
}

function lines(file) {
  return existsSync(file) ? [...new Set(readFileSync(file, "utf8").split("\n").filter(Boolean))] : [];
}

function print(text) {
  process.stdout.write(text);
}
