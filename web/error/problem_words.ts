import type { ProblemKind } from "@rondo/problem";

/** What a kind of problem means, and what to do about it: for whoever wrote the program that got it. */
export interface ProblemWords {
  readonly means: string;
  readonly toDo: string;
}

/** Texts in which `backticks` mark what is code. */
export const problemWords: Readonly<Record<ProblemKind, ProblemWords>> = {
  malformed: {
    means:
      "The request is not what its form says: a body that is no JSON, a header or an address that cannot be taken apart.",
    toDo: "Look at `errors`: where it can be told, the place is there. Correct the request; sending the same again will not help.",
  },
  unauthenticated: {
    means: "The request says nothing of who makes it, or its session or token has ended, was revoked or never was.",
    toDo: "Sign in, or make an API token in your account and send it as `Authorization: Bearer`.",
  },
  forbidden: {
    means:
      "We know who you are, and this is not yours to do: your role in the workspace or the scopes of your token do not allow it.",
    toDo: "Use a token with the scope that is needed, or ask who keeps the workspace for another role.",
  },
  not_found: {
    means: "There is no such thing here. What belongs to a workspace that is not yours is answered in the same way.",
    toDo: "Check the address and the id, and with several workspaces the header `Rondo-Workspace`.",
  },
  method_not_allowed: {
    means: "The address is right, the method is not.",
    toDo: "The header `Allow` lists the methods that the address answers to.",
  },
  conflict: {
    means:
      "The request is well made and cannot be done as things stand now: something else already is, or is not any more.",
    toDo: "`detail` says what stands in the way. Read the thing again, then decide.",
  },
  stale: {
    means: "You change a version that is no longer the latest: somebody else was faster. Nothing was overwritten.",
    toDo: "`current` is the thing as it is now. Put your change on top of it and send it with its `ETag` in `If-Match`.",
  },
  too_large: {
    means: "The body is larger than this address takes.",
    toDo: "Send less at a time.",
  },
  unsupported_media_type: {
    means: "The body is of a kind that this address does not read.",
    toDo: "Send JSON and say so: `Content-Type: application/json`.",
  },
  invalid: {
    means: "The request could be read, and some of its values cannot be taken. Nothing was changed.",
    toDo: "`errors` lists all of them: `pointer` names the field, `detail` says what to change.",
  },
  too_many: {
    means: "More came from you than is allowed for a while.",
    toDo: "Wait the seconds that `Retry-After` says, then go on, more slowly.",
  },
  internal: {
    means: "The fault is ours. It was written down, and what you asked for has not been done, or not been answered.",
    toDo: "Try again, with the same `Idempotency-Key` where you sent one. If it stays, tell who runs this Rondo the `request_id`.",
  },
  unavailable: {
    means: "Rondo cannot reach its data, or is too busy, or is about to stop. It will pass.",
    toDo: "Try again after the seconds that `Retry-After` says, with the same `Idempotency-Key` where you sent one.",
  },
};
