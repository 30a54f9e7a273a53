import type { AppEnv } from "@rondo/http";
import { notFound, type ProblemKind, problemKinds } from "@rondo/problem";
import { Hono } from "hono";
import { readReader } from "../format/reader.ts";
import { ProblemPage } from "./problem_page.tsx";

/** `/problems/<kind>`, for everybody: the addresses that problem documents give as their type. */
export function problemRoutes(clock: () => Date): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/problems/:kind", (c) => {
    const kind = c.req.param("kind");
    if (!isKind(kind)) throw notFound();
    return c.html(<ProblemPage kind={kind} reader={readReader(c, clock())} />);
  });
}

function isKind(text: string): text is ProblemKind {
  return Object.hasOwn(problemKinds, text);
}
