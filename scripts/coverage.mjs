import { readFileSync } from "node:fs";

/** The folders whose lines count, each on its own. */
const areas = ["lib", "svc", "web"];

/** What is there for tests only. */
const forTests =
  /\.(test|fixture)\.tsx?$|^lib\/testing\/|\/(testing|fixtures|e2e)\/|\/testing\.ts$|\/semantics(\/|\.ts$)/;

/**
 * How many lines of each area ran in the test processes themselves, by the LCOV file that they left. Programs that tests start
 * (executables, other processes) and what runs in a browser do not count, so the real figure is higher.
 * @returns {{ area: string, lines: number, ran: number }[]}
 */
export function coverageOf(lcovFile) {
  const totals = new Map(areas.map((area) => [area, { area, lines: 0, ran: 0 }]));
  let current;
  for (const line of readFileSync(lcovFile, "utf8").split("\n")) {
    const [tag, value = ""] = line.split(/:(.*)/s);
    if (tag === "SF") current = forTests.test(value) ? undefined : totals.get(value.split("/")[0]);
    else if (current && tag === "LF") current.lines += Number(value);
    else if (current && tag === "LH") current.ran += Number(value);
  }
  return [...totals.values()].filter(({ lines }) => lines > 0);
}

/** One line for people. */
export function coverageLine(covered) {
  const shares = covered.map(({ area, lines, ran }) => `${area} ${((100 * ran) / lines).toFixed(1)} %`);
  return `lines that ran in the test processes: ${shares.join(", ")}`;
}
