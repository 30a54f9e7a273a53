import type { Problem } from "@rondo/problem";
import type { Log } from "@rondo/telemetry";
import type { Context } from "hono";
import type { AppEnv } from "./env.ts";
import { problemResponse, toProblem } from "./problem_response.ts";

/** Answers a problem in a form of its own, or leaves it (undefined) to the problem document. */
export type ProblemRenderer = (
  problem: Problem,
  c: Context<AppEnv>,
) => Response | undefined | Promise<Response | undefined>;

export type ProblemAnswer = (error: unknown, c: Context<AppEnv>) => Promise<Response>;

/** The one place where an error becomes an answer. A cause goes to the log and nowhere else. */
export function createProblemAnswer(log: Log, render?: ProblemRenderer): ProblemAnswer {
  return async (error, c) => {
    const problem = toProblem(error);
    record(log, problem);
    return (await rendered(log, problem, c, render)) ?? problemResponse(problem, c.get("request_id"));
  };
}

/** A renderer that fails must not cost the reader the answer. */
async function rendered(log: Log, problem: Problem, c: Context<AppEnv>, render?: ProblemRenderer) {
  try {
    return await render?.(problem, c);
  } catch (error) {
    log.error("a problem could not be rendered", { error });
    return undefined;
  }
}

function record(log: Log, problem: Problem): void {
  if (problem.kind === "internal") log.error("a request failed", { error: problem.cause ?? problem });
  else if (problem.kind === "unavailable")
    log.warn("a request could not be served", { error: problem.cause ?? problem });
}
