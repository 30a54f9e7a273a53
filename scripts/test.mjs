import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { run } from "./bootstrap.mjs";
import { coverageLine, coverageOf } from "./coverage.mjs";

/** A test that takes longer than this hangs. It bounds hangs and does not judge speed: a machine may be several times slower. */
const hangMs = 300_000;

/**
 * Files run side by side: tests wait more than they compute. Each process keeps what its files share (PostgreSQL, Kafka,
 * executables), so more of them than this would start the same things again and again.
 */
const processes = Math.min(Math.max(2, os.availableParallelism()), 4);

/**
 * All tests, or those below the given paths. Says at the end what was skipped, how many lines ran (of a whole run), and how many
 * tests passed. @returns the exit code
 */
export async function test({ bun, env }, paths) {
  const folder = mkdtempSync(join(os.tmpdir(), "rondo-test-"));
  const skips = join(folder, "skips");
  const results = join(folder, "junit.xml");
  try {
    const reports = ["--reporter=junit", `--reporter-outfile=${results}`];
    const isWhole = paths.length === 0;
    const coverage = isWhole ? ["--coverage", "--coverage-reporter=lcov", `--coverage-dir=${folder}`] : [];
    const sideBySide = [`--parallel=${processes}`, "--no-isolate", "--max-concurrency=5"];
    const args = ["test", ...reports, ...coverage, `--timeout=${hangMs}`, ...sideBySide, ...paths];
    const code = await run(bun, args, { env: { ...env, RONDO_SKIP_REPORT: skips } });
    const lcov = join(folder, "lcov.info");
    if (existsSync(lcov)) print(`\n${coverageLine(coverageOf(lcov))}\n`);
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
