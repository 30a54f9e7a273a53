import { type RunningRondo, signUp, waitFor } from "@rondo/testing";
import { residentMiB } from "./memory.ts";
import { atMost, type Goal, median } from "./report.ts";
import { inRuns } from "./runs.ts";
import { holdStreams } from "./streams.ts";

const windows = 1_000;
const perSecond = 20;
const seconds = 5;

export interface FreshBench {
  /** Starts another Rondo on the same database, for a figure that what was done before would spoil. */
  readonly startFresh: () => Promise<RunningRondo>;
  readonly say: (text: string) => void;
}

/**
 * A thousand open windows: what they cost, and how late a change reaches them. Each run has a process of its own, for memory that
 * another load left behind would hide what the streams take.
 */
export async function measureStreams({ startFresh, say }: FreshBench): Promise<readonly Goal[]> {
  const measured = await inRuns(async () => {
    await using rondo = await startFresh();
    const { ready_ms } = rondo;
    return { ready_ms, ...(await holdWindows(rondo)) };
  });
  const of = (pick: (one: (typeof measured)[number]) => number) => measured.map(pick);
  const p95 = of((one) => one.p95);
  const more = of((one) => one.more);
  say(
    `${windows} streams, ${measured[0]?.messages} messages: p95 ${median(p95)} ms; ${Math.round(median(more))} MiB more`,
  );
  return [
    atMost(
      "ready after PostgreSQL",
      of((one) => one.ready_ms),
      400,
      " ms",
    ),
    atMost("streams lost of 1,000", [Math.max(...of((one) => one.lost))], 0),
    atMost("commit → signal in 1,000 windows: p95", p95, 250, " ms"),
    atMost("1,000 open streams cost", more, 128, " MiB"),
  ];
}

async function holdWindows({ origin, pid }: RunningRondo) {
  const person = await signUp(origin, "Windows");
  const target = { url: origin, tokens: [person.token] };
  const change = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${person.token}`, "content-type": "application/json" };
    const body = JSON.stringify({ title: "Seen by all", project_id: person.inbox_id });
    const answer = await fetch(`${origin}/api/v1/tasks`, { method: "POST", headers, body });
    if (answer.status !== 201) throw new Error(`a task was answered ${answer.status}`);
  };
  // What the code itself takes is there before the streams are: a few windows see as many changes as the thousand will.
  const few = await holdStreams({ ...target, streams: 10 });
  for (let made = 0; made < perSecond * seconds; made++) await change();
  await waitFor(() => few.figures().messages === 10 * perSecond * seconds, { what: "the signals of the warm-up" });
  few.close();
  const before = residentMiB(pid);
  const held = await holdStreams({ ...target, streams: windows });
  for (let made = 0; made < perSecond * seconds; made++) {
    await change();
    await Bun.sleep(1_000 / perSecond);
  }
  const wanted = windows * perSecond * seconds;
  const arrived = () => held.figures().lost > 0 || held.figures().messages >= wanted;
  await waitFor(arrived, { what: "every signal in every window" });
  const figures = held.figures();
  const more = residentMiB(pid) - before;
  held.close();
  return { ...figures, more };
}
