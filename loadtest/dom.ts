import { engine, type Person, signUp } from "@rondo/testing";
import { startBrowser } from "@rondo/testing/browser";
import type { Bench } from "./compare.ts";
import { Latency } from "./latency.ts";
import { atMost, type Goal, median } from "./report.ts";
import { inRuns } from "./runs.ts";
import { holdStreams } from "./streams.ts";

const changes = 50;
const perSecond = 10;
const windows = 1_000;

/** From a task's creation by a program to its row in a window that somebody looks at: alone, and beside a thousand open streams. */
export async function measureDom({ rondo, say }: Pick<Bench, "rondo" | "say">): Promise<readonly Goal[]> {
  const chromium = engine("chromium");
  if (!chromium.available) {
    say(`not measured: change → the other window's page, because ${chromium.reason}`);
    return [];
  }
  const { origin } = rondo;
  const browser = await startBrowser(chromium.path);
  try {
    const alone = await inRuns(() => watchRows(browser, origin));
    const busy = await signUp(origin, "Busy");
    const held = await holdStreams({ url: origin, tokens: [busy.token], streams: windows });
    const crowded = await inRuns(() => watchRows(browser, origin));
    const { lost } = held.figures();
    held.close();
    if (lost > 0) throw new Error(`${lost} of ${windows} streams were lost`);
    say(
      `change → row in the other window: p95 ${median(alone)} ms; beside ${windows} streams p95 ${median(crowded)} ms`,
    );
    return [
      atMost("change → the other window's page: p95", alone, 100, " ms"),
      atMost("the same beside 1,000 open streams: p95", crowded, 250, " ms"),
    ];
  } finally {
    await browser.close();
  }
}

/** The same through whatever carries the events, beside nobody else. */
export async function measureOtherWindow(
  origin: string,
  wantedMs: number,
  say: Bench["say"],
): Promise<readonly Goal[]> {
  const chromium = engine("chromium");
  if (!chromium.available) return [];
  const browser = await startBrowser(chromium.path);
  try {
    const p95 = await inRuns(() => watchRows(browser, origin));
    say(`change → row in the other window: p95 ${median(p95)} ms`);
    return [atMost("change → the other window's page: p95", p95, wantedMs, " ms")];
  } finally {
    await browser.close();
  }
}

/** The p95 of one run, in milliseconds. */
async function watchRows(browser: Awaited<ReturnType<typeof startBrowser>>, origin: string): Promise<number> {
  const person = await signUp(origin, "Watcher");
  const window = await browser.window({ baseURL: origin });
  const [name = "", value = ""] = person.cookie.split("=");
  await window.page.context().addCookies([{ name, value, url: origin }]);
  await window.page.goto("/inbox");
  await window.page.evaluate(noteArrivals);
  const made = new Map<string, number>();
  for (let number = 0; number < changes; number++) {
    const title = `Seen ${number}`;
    made.set(title, await createTask(origin, person, title));
    await Bun.sleep(1_000 / perSecond);
  }
  await window.page.waitForFunction((count) => Reflect.get(globalThis, "arrivals")?.size === count, changes);
  const arrivals = await window.page.evaluate(() => [...Reflect.get(globalThis, "arrivals")] as [string, number][]);
  await window.close();
  const latency = new Latency();
  for (const [title, at] of arrivals) latency.add(at - (made.get(title) ?? at));
  return latency.quantile(0.95);
}

/** Runs in the page: when each row was there for the first time. */
function noteArrivals(): void {
  const arrivals = new Map<string, number>();
  Reflect.set(globalThis, "arrivals", arrivals);
  const look = () => {
    for (const row of document.querySelectorAll(".row")) {
      const title = /Seen \d+/.exec(row.textContent ?? "")?.[0];
      if (title !== undefined && !arrivals.has(title)) arrivals.set(title, performance.timeOrigin + performance.now());
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}

/** Answers when the change was made, by the task itself: a little before its commit. */
async function createTask(origin: string, { token, inbox_id }: Person, title: string): Promise<number> {
  const answer = await fetch(`${origin}/api/v1/tasks`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title, project_id: inbox_id }),
  });
  if (answer.status !== 201) throw new Error(`a task was answered ${answer.status}`);
  return Date.parse(((await answer.json()) as { created_at: string }).created_at);
}
