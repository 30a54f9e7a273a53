import type { ExportedSpan, startCollector } from "@rondo/telemetry/collector";
import type { Person } from "@rondo/testing";
import { hasHistory } from "./smoke.ts";

export type Collector = ReturnType<typeof startCollector>;

export const traceId = "0af7651916cd43dd8448eb211c80319c";
/** The span in which the browser clicks. */
export const click = "b7ad6b7169203331";

/** Adds a task as a page does, in a trace that the browser began, and waits until the trail and an open window know of it. */
export async function clickOnce(origin: string, { cookie, token }: Person): Promise<void> {
  // By token, so that the session is still a stranger to web when the click comes.
  const headers = { authorization: `Bearer ${token}` };
  const stream = await fetch(`${origin}/sync/events`, { headers });
  const signals = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const answer = await fetch(`${origin}/tasks`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie, origin, traceparent: `00-${traceId}-${click}-01` },
    body: new URLSearchParams({ title: "Buy milk" }),
  });
  if (answer.status !== 303) throw new Error(`adding a task answered ${answer.status}: ${await answer.text()}`);
  await hasHistory(origin, { token });
  let heard = "";
  while (!heard.includes("task.created.v1")) heard += (await signals?.read())?.value ?? "";
  await signals?.cancel();
}

/** The one span of the click's trace with this name. @throws Error when there is none, or more */
export function onlySpan(collector: Collector, name: string): ExportedSpan {
  const spans = collector.spans().filter((span) => span.traceId === traceId);
  const [found, ...more] = spans.filter((span) => span.name === name);
  if (found === undefined || more.length > 0) throw new Error(`not one ${name} in ${spans.map((span) => span.name)}`);
  return found;
}

const [server, producer, consumer] = [2, 4, 5];

/** What the click's trace must be on every engine, but for what lies between the page and the api. */
export function clickedSpans(collector: Collector) {
  const page = onlySpan(collector, "POST /tasks");
  const call = onlySpan(collector, "POST /api/v1/tasks");
  const token = onlySpan(collector, "GET /api/auth/token");
  const published = ["publish task-events", "publish task-updates"].map((name) => onlySpan(collector, name));
  const consumed = ["consume task.created.v1", "hear workspace.changed.v1"].map((name) => onlySpan(collector, name));
  return {
    page,
    call,
    token,
    /** Empty when all is as it should be: the spans with another kind or parent. */
    strange: [
      ...[page, call, token].filter(({ kind }) => kind !== server),
      ...[page].filter(({ parentSpanId }) => parentSpanId !== click),
      ...published.filter(({ kind, parentSpanId }) => kind !== producer || parentSpanId !== call.spanId),
      ...consumed.filter(({ kind, parentSpanId }) => kind !== consumer || parentSpanId !== call.spanId),
    ],
  };
}
