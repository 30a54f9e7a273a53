import { expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { isRunning } from "../fixtures/running.ts";
import { type ProcessOptions, startProcess } from "./process.ts";

const shell = (script: string, more: Partial<ProcessOptions> = {}) =>
  startProcess({
    name: "it",
    command: ["sh", "-c", script],
    cwd: "/",
    ready: async (printed) => printed("ready"),
    ...more,
  });

test("is there when it is ready, and hands its lines on", async () => {
  const lines: string[] = [];
  await using it = await shell("echo one; echo ready; exec sleep 60", { onLine: (line) => lines.push(line) });
  expect(isRunning(it.pid)).toBeTrue();
  expect(lines).toEqual(["one", "ready"]);
});

test("that ends before it is ready fails with its last words", async () => {
  expect(shell("echo no such file >&2; exit 3")).rejects.toThrow("it ended with code 3:\nno such file");
});

test("that is not ready in time is killed, and fails with its last words", async () => {
  let pid = 0;
  const ready: ProcessOptions["ready"] = async (printed) => printed("never");
  const onLine = (line: string) => {
    pid = Number(line);
  };
  expect(await shell("echo $$; exec sleep 60", { ready, onLine, deadlineMs: 200 }).catch(String)).toContain(
    `Error: it was not ready within 200 ms:\n${pid}`,
  );
  expect(isRunning(pid)).toBeFalse();
});

test("ends by itself when it is stopped, and by force when it does not", async () => {
  const obedient = await shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  await obedient.stop();
  expect(await obedient.ended).toBe("it ended with code 0:\nready\nbye");
  const deaf = await shell("trap '' TERM; echo ready; while :; do sleep 0.01; done", { patienceMs: 100 });
  await deaf.stop();
  expect(await deaf.ended).toStartWith("it ended with SIGKILL");
});

test("hangs while it is paused", async () => {
  let count = 0;
  const onLine = () => {
    count += 1;
  };
  await using it = await shell("echo ready; while :; do echo tick; sleep 0.01; done", { onLine });
  it.pause();
  await waitFor(() => stateOf(it.pid).then((state) => state === "T"), { what: "it to hang" });
  it.resume();
  const before = count;
  await waitFor(() => count > before + 2, { what: "it to go on" });
});

test("knows nothing of our own settings", async () => {
  process.env.RONDO_LEFT_OVER = "x";
  const lines: string[] = [];
  await using _ = await shell('echo "[$RONDO_LEFT_OVER][$GIVEN]"; echo ready; exec sleep 60', {
    env: { GIVEN: "y" },
    onLine: (line) => lines.push(line),
  });
  delete process.env.RONDO_LEFT_OVER;
  expect(lines[0]).toBe("[][y]");
});

async function stateOf(pid: number): Promise<string | undefined> {
  return /\) (\S)/.exec(await Bun.file(`/proc/${pid}/stat`).text())?.[1];
}
