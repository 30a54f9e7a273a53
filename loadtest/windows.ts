import type { Bench } from "./compare.ts";
import { residentMiB } from "./memory.ts";
import { atMost, type Goal } from "./report.ts";
import { holdStreams } from "./streams.ts";

const windows = 1_000;
const perSecond = 20;
const seconds = 10;

/** A thousand open windows: what they cost, and how late a change reaches them. */
export async function measureStreams({
  rondo,
  person,
  say,
}: Pick<Bench, "rondo" | "person" | "say">): Promise<readonly Goal[]> {
  const { origin, pid } = rondo;
  const before = residentMiB(pid);
  const held = await holdStreams({ url: origin, tokens: [person.token], streams: windows });
  const headers = { authorization: `Bearer ${person.token}`, "content-type": "application/json" };
  for (let made = 0; made < perSecond * seconds; made++) {
    const body = JSON.stringify({ title: `Seen by all ${made}`, project_id: person.inbox_id });
    await fetch(`${origin}/api/v1/tasks`, { method: "POST", headers, body });
    await Bun.sleep(1_000 / perSecond);
  }
  const figures = held.figures();
  const more = residentMiB(pid) - before;
  held.close();
  say(
    `${figures.held} streams, ${figures.messages} messages: p50 ${figures.p50} ms, p95 ${figures.p95} ms; ${Math.round(more)} MiB more`,
  );
  return [
    atMost("streams lost of 1,000", figures.lost, 0),
    atMost("commit → signal in 1,000 windows: p95", figures.p95, 250, " ms"),
    atMost("1,000 open streams cost", more, 128, " MiB"),
  ];
}
