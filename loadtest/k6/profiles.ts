import type { Options } from "k6/options";

/** How hard, how long, and what counts as too slow. Chosen with `-e PROFILE=<name>`; lengths are scaled with `-e SECONDS=<n>`. */
export type Profile = "smoke" | "steady" | "stress" | "closed";

const noErrors = { http_req_failed: ["rate==0"], checks: ["rate==1"], dropped_iterations: ["count==0"] };

const names = ["list", "read", "create", "update"];

/** k6 reports a named request on its own only when a threshold speaks of it; every request counts once, so these always hold. */
const counted = Object.fromEntries(names.map((name) => [`http_reqs{name:${name}}`, ["count>=0"]]));
const timed = Object.fromEntries(names.map((name) => [`http_req_duration{name:${name}}`, ["p(95)<10000"]]));

/** p95 < 25 ms and p99 < 75 ms for each named request. */
const quick = Object.fromEntries(names.map((name) => [`http_req_duration{name:${name}}`, ["p(95)<25", "p(99)<75"]]));

export function optionsOf(profile: Profile, seconds: number): Options {
  const shared: Options = {
    summaryTrendStats: ["min", "med", "p(95)", "p(99)", "max"],
    discardResponseBodies: false,
    noConnectionReuse: false,
    noUsageReport: true,
  };
  switch (profile) {
    case "smoke":
      return {
        ...shared,
        thresholds: { http_req_failed: ["rate==0"], checks: ["rate==1"], ...counted, ...timed },
        scenarios: {
          smoke: { executor: "per-vu-iterations", vus: 2, iterations: 10, maxDuration: "30s", exec: "journey" },
        },
      };
    case "steady":
      return {
        ...shared,
        thresholds: { ...noErrors, ...counted, ...quick },
        scenarios: {
          steady: {
            executor: "constant-arrival-rate",
            rate: 500,
            timeUnit: "1s",
            duration: `${seconds}s`,
            preAllocatedVUs: 100,
            maxVUs: 200,
            exec: "mix",
          },
        },
      };
    case "stress":
      return {
        ...shared,
        thresholds: { http_req_failed: ["rate==0"], checks: ["rate==1"], ...counted, ...timed },
        scenarios: {
          stress: {
            executor: "ramping-arrival-rate",
            startRate: 200,
            timeUnit: "1s",
            preAllocatedVUs: 200,
            maxVUs: 400,
            stages: [
              { target: 1000, duration: `${Math.ceil(seconds / 3)}s` },
              { target: 2000, duration: `${Math.ceil(seconds / 3)}s` },
              { target: 0, duration: `${Math.ceil(seconds / 3)}s` },
            ],
            exec: "mix",
          },
        },
      };
    case "closed":
      return {
        ...shared,
        thresholds: { http_req_failed: ["rate==0"], checks: ["rate==1"], ...counted, ...timed },
        scenarios: { closed: { executor: "constant-vus", vus: 32, duration: `${seconds}s`, exec: "one" } },
      };
  }
}
