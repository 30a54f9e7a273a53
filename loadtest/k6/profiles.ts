import type { Options, Threshold } from "k6/options";

/** How hard, how long, and what counts as too slow. */
export type Profile = "smoke" | "steady" | "stress" | "closed";

export interface ProfileOptions {
  readonly profile: Profile;
  /** How long; `smoke` ends by itself. */
  readonly seconds: number;
  /** Requests a second of `steady`. */
  readonly perSecond: number;
  /** The one request that `closed` repeats. */
  readonly kind: string;
}

/** The requests of `mix` and `journey` in journeys.ts. */
const mixed = ["list", "read", "create", "update"];

/** The names of the requests that a profile makes. */
const namesOf: Record<Profile, (kind: string) => readonly string[]> = {
  smoke: () => [...mixed, "complete"],
  steady: () => mixed,
  stress: () => mixed,
  closed: (kind) => [kind],
};

const noErrors = { http_req_failed: ["rate==0"], checks: ["rate==1"] };

export function optionsOf({ profile, seconds, perSecond, kind }: ProfileOptions): Options {
  const names = namesOf[profile](kind);
  // Each request must have been made; k6 also reports a named one on its own only when a threshold speaks of it.
  const made = perName(names, "http_reqs", ["count>0"]);
  const timed = perName(names, "http_req_duration", ["p(95)<10000"]);
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
        thresholds: { ...noErrors, ...made, ...timed },
        scenarios: {
          smoke: { executor: "per-vu-iterations", vus: 2, iterations: 10, maxDuration: "120s", exec: "journey" },
        },
      };
    case "steady":
      return {
        ...shared,
        thresholds: {
          ...noErrors,
          dropped_iterations: ["count==0"],
          ...made,
          ...perName(names, "http_req_duration", ["p(95)<25", "p(99)<75"]),
        },
        scenarios: {
          steady: {
            executor: "constant-arrival-rate",
            rate: perSecond,
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
        thresholds: { ...noErrors, ...made, ...timed },
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
        thresholds: { ...noErrors, ...made, ...timed },
        scenarios: { closed: { executor: "constant-vus", vus: 32, duration: `${seconds}s`, exec: "one" } },
      };
  }
}

function perName(names: readonly string[], metric: string, thresholds: Threshold[]): Record<string, Threshold[]> {
  return Object.fromEntries(names.map((name) => [`${metric}{name:${name}}`, thresholds]));
}
