import { createSidecar } from "@rondo/sidecar";
import { waitFor } from "@rondo/testing";
import { tokens } from "@rondo/testing/cluster";
import { type DaprGround, newPeople } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import { type Row, seconds } from "./row.ts";
import { startWriting } from "./writing.ts";

const jobs = 20;

/** Dapr's scheduler is killed before jobs are due, and comes back after their time; events need it for nothing. */
export async function schedulerKilled(ground: DaprGround, { awayMs }: { awayMs: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 9);
  if (probe === undefined) throw new Error("nobody signed up");
  const { cluster, api } = ground;
  const fired = new Map<string, number[]>();
  await using app = listen((name) => fired.set(name, [...(fired.get(name) ?? []), Date.now()]));
  await using beside = await cluster.beside("faults", app.port);
  const sidecar = createSidecar({ url: beside.url, token: tokens.dapr });
  const writing = startWriting({ people, at: () => api.url, perSecond: 100 });
  const due = new Map(Array.from({ length: jobs }, (_, index) => [`faults-${index}`, Date.now() + 2_000 + index * 50]));
  for (const [name, at] of due) {
    const body = JSON.stringify({ dueTime: new Date(at).toISOString(), data: {}, failurePolicy: { constant: {} } });
    const headers = { "content-type": "application/json" };
    await waitFor(async () => (await sidecar.request(`/v1.0/jobs/${name}`, { method: "POST", headers, body })).ok, {
      what: "a job to be taken",
    });
  }
  await cluster.scheduler.current.kill();
  await Bun.sleep(awayMs);
  await cluster.scheduler.start();
  const back = Date.now();
  await waitFor(() => fired.size === jobs, { what: "every job", deadlineMs: 90_000 });
  const late_ms = Date.now() - back;
  const recovered_ms = await untilFlowing(ground, probe);
  const counted = await count(ground, await writing.stop());
  const early = [...fired].filter(([name, times]) => Math.min(...times) < (due.get(name) ?? 0)).length;
  const again = [...fired.values()].filter((times) => times.length > 1).length;
  return {
    fault: "scheduler killed",
    engine: "dapr",
    times: 1,
    ...counted,
    recovered_ms,
    further: `${fired.size} of ${jobs} jobs that came due meanwhile fired, the last one ${seconds(late_ms)} after its return; early: ${early}, twice: ${again}`,
    kept: counted.refused === 0 && early === 0 && fired.size === jobs,
  };
}

function listen(onJob: (name: string) => void) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const [, name] = /^\/job\/(.+)$/.exec(new URL(request.url).pathname) ?? [];
      if (name !== undefined) onJob(name);
      return new Response("ok");
    },
  });
  return { port: server.port ?? 0, [Symbol.asyncDispose]: () => server.stop(true) };
}
