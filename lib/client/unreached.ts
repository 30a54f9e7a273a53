import type { Service } from "@rondo/contract";
import { Problem } from "@rondo/problem";

/** A service gave no answer: for people a Problem `unavailable`, for `resilient` also whether the request may have had its effect. */
export class Unreached extends Problem {
  /** False only when it is certain that the service never saw the request: then everything may be sent again. */
  readonly mayHaveArrived: boolean;

  constructor(service: Service, options: { mayHaveArrived: boolean; cause?: unknown; retryAfterSeconds?: number }) {
    const { mayHaveArrived, ...rest } = options;
    super("unavailable", `The ${service} service cannot be reached at the moment.`, rest);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Whether nobody took the connection, as Bun's fetch says it; a connection that breaks later may have carried the request. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}
