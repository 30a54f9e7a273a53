import { expect, test } from "bun:test";
import { join } from "node:path";
import { spawnProgram, temporaryFolder, waitFor } from "@rondo/testing";
import { isRunning } from "./fixtures/running.ts";

/** Starts two sleepers in groups of their own, tells the janitor of both, and takes back the word about the second. */
const program = `
import { killAtEnd } from ${JSON.stringify(join(import.meta.dir, "janitor.ts"))};
const start = () => Bun.spawn(["sh", "-c", "sleep 60 & sleep 60; wait"], { detached: true, stdout: "ignore" });
const [watched, settled] = [start(), start()];
killAtEnd(watched.pid);
killAtEnd(settled.pid).settled();
process.stdout.write("pids: " + watched.pid + " " + settled.pid + "\\n");
await watched.exited;
`;

test("what a killed program has started is killed, but not what it called settled", async () => {
  const file = join(temporaryFolder("janitor"), "program.ts");
  await Bun.write(file, program);
  await using running = spawnProgram([process.execPath, file]);
  const [, watched, settled] = await running.line(/pids: (\d+) (\d+)/);
  running.kill("SIGKILL");
  await waitFor(() => !isRunning(Number(watched)), { what: "the janitor" });
  expect(isRunning(Number(settled))).toBeTrue();
  process.kill(-Number(settled), "SIGKILL");
});
