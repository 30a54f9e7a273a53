import { expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { isRunning } from "../../fixtures/running.ts";
import { startProcess } from "../process.ts";
import { supervise } from "./supervise.ts";

const shell = (script: string) => () =>
  startProcess({ name: "it", command: ["sh", "-c", script], cwd: "/", ready: async (printed) => printed("ready") });
const sleeper = shell("echo ready; exec sleep 60");

function begin(start = sleeper) {
  const end = new AbortController();
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return { end, said, supervised: supervise({ start, say, ending: end.signal, pauseMs: 5 }) };
}

test("what is killed is started again, every time, and it is said", async () => {
  const { end, said, supervised } = begin();
  const it = await supervised;
  for (let round = 0; round < 3; round += 1) {
    const { pid } = it.current;
    process.kill(pid, "SIGKILL");
    await waitFor(() => it.current.pid !== pid && isRunning(it.current.pid), { what: "another process" });
  }
  expect(said.slice(0, 2)).toEqual(["it ended with SIGKILL; starting it again", "running again"]);
  end.abort();
  await it.stop();
  expect(isRunning(it.current.pid)).toBeFalse();
});

test("a start that fails later is tried again", async () => {
  let starts = 0;
  const { end, said, supervised } = begin(() => {
    starts += 1;
    return starts === 2 ? Promise.reject(new Error("no\nport")) : sleeper();
  });
  const it = await supervised;
  const { pid } = it.current;
  process.kill(pid, "SIGKILL");
  await waitFor(() => it.current.pid !== pid, { what: "another process" });
  expect(said).toContain("does not start: no · port");
  end.abort();
  await it.stop();
});

test("the first start's failure is the caller's", async () => {
  expect(begin(() => Promise.reject(new Error("no port"))).supervised).rejects.toThrow("no port");
});

test("what ends after the end has begun stays down", async () => {
  const { end, said, supervised } = begin();
  const it = await supervised;
  end.abort();
  process.kill(it.current.pid, "SIGKILL");
  await it.stop();
  expect(said).toEqual([]);
});

test("the end does not wait for a pause", async () => {
  const { end, supervised, said } = begin();
  const it = await supervised;
  process.kill(it.current.pid, "SIGKILL");
  await waitFor(() => said.length > 0, { what: "the end to be noticed" });
  end.abort();
  await it.stop();
  expect(isRunning(it.current.pid)).toBeFalse();
});
