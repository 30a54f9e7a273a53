import type { ProblemRenderer } from "@rondo/http";
import { type Problem, problemKinds } from "@rondo/problem";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { withNext } from "../account/sign_page.tsx";
import { isPartial, pageOf } from "../asked.ts";
import { readReader } from "../format/reader.ts";
import { safeNext } from "../next.ts";
import { Toast } from "../shell/toast.tsx";
import { ErrorPage } from "./error_page.tsx";

/** Problems as people see them: a page, or a line in the page that they are on and keep. */
export function problemPages(clock: () => Date): ProblemRenderer {
  return (problem, c) => {
    if (problem.kind === "too_many" || problem.kind === "unavailable")
      c.header("Retry-After", String(problem.retryAfterSeconds ?? 1));
    if (isPartial(c)) return answerInPlace(problem, c);
    if (problem.kind === "unauthenticated") {
      const page = c.req.method === "GET" ? new URL(c.req.url) : pageOf(c);
      return c.redirect(withNext("/sign-in", safeNext(page.pathname + page.search)), 303);
    }
    const { kind, detail } = problem;
    const props = { kind, detail, request_id: c.get("request_id"), reader: readReader(c, clock()) };
    return c.html(<ErrorPage {...props} />, statusOf(problem));
  };
}

/** The page stays as it is, with everything typed into it; the line says why nothing happened. */
function answerInPlace(problem: Problem, c: Context): Response | Promise<Response> {
  const next = safeNext(pageOf(c).pathname + pageOf(c).search);
  return c.html(
    <hx-partial hx-target="#toasts" hx-swap="innerHTML">
      {problem.kind === "unauthenticated" ? (
        <div class="toast" data-failed="">
          <p>You are signed out.</p>
          <a href={withNext("/sign-in", next)}>Sign in</a>
        </div>
      ) : (
        <Toast said={{ text: sayInPlace(problem), failed: true }} />
      )}
    </hx-partial>,
    statusOf(problem),
  );
}

function sayInPlace(problem: Problem): string {
  if (problem.kind === "not_found") return "This is no longer here.";
  if (problem.kind === "unavailable")
    return "Rondo cannot reach its data right now. Nothing was changed; try again shortly.";
  if (problem.kind === "internal") return "That went wrong on our side. Nothing was changed.";
  return problem.detail;
}

function statusOf(problem: Problem): ContentfulStatusCode {
  return problemKinds[problem.kind].status;
}
