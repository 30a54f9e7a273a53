import { expect, test } from "bun:test";
import { join } from "node:path";
import { connect } from "@rondo/db";
import { asContainer, describeWith, type Program, spawnProgram, temporaryFolder, waitFor } from "@rondo/testing";
import { startEmbedded } from "./index.ts";

const fixture = join(import.meta.dir, "start.fixture.ts");

describeWith("namespaces", "containers that share a data folder", (unshare) => {
  /** `before` runs as the first process of the container; without it Rondo does. */
  const container = (dataDir: string, ...before: string[]): Program =>
    spawnProgram([unshare, ...asContainer, ...before, process.execPath, fixture, dataDir]);

  test("the second one is refused, and the first goes on", async () => {
    const dataDir = temporaryFolder("two-containers");
    await using first = container(dataDir);
    const [, url = ""] = await first.line(/ready .*url=(\S+)/);
    await using second = container(dataDir);
    await second.expectExit(1, 60_000);
    expect(second.stderr()).toMatch(/^The data folder \S+ is in use by another running Rondo\. .*\n$/);
    await query(url, "select 1");
  });

  test("one that was killed with all its processes leaves its data to the next", async () => {
    const dataDir = temporaryFolder("killed-container");
    await using killed = container(dataDir);
    const [, url = ""] = await killed.line(/ready .*url=(\S+)/);
    await query(url, "create table kept as select 7 as n");
    killed.killGroup("SIGKILL");
    await killed.ended();
    const next = await startEmbedded({ dataDir });
    try {
      expect(next.adopted).toBe(false);
      expect(await query(next.url, "select n from kept")).toEqual([{ n: 7 }]);
    } finally {
      await next.stop();
    }
  });

  test("a server that a killed program left in another container keeps its data for itself", async () => {
    const dataDir = temporaryFolder("left-behind");
    // The shell waits for the program and then for us: its container, and the server in it, outlive the program.
    const lasting = ["/bin/sh", "-c", '"$0" "$@" & echo "child=$!"; wait; exec sleep 600'];
    await using first = container(dataDir, ...lasting);
    const [, url = ""] = await first.line(/ready .*url=(\S+)/);
    await killProgram(first.pid);
    await waitFor(async () => (await query(url, "select 1")).length === 1, { what: "the server without its program" });
    await using second = container(dataDir);
    await second.expectExit(1, 60_000);
    expect(second.stderr()).toMatch(/^A PostgreSQL that this process cannot see .*\n$/);
    await query(url, "select 1");
  });
});

/** Kills the program itself: the grandchild of `unshare` that runs the fixture. */
async function killProgram(unshare: number): Promise<void> {
  const found = await Bun.$`ps -eo pid=,ppid=,args=`.text();
  const rows = found.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  const childrenOf = (parent: number) =>
    rows.filter((row) => Number(row?.[2]) === parent).map((row) => Number(row?.[1]));
  const program = childrenOf(unshare).flatMap(childrenOf)[0];
  if (program === undefined) throw new Error("the program is not there");
  process.kill(program, "SIGKILL");
  // Its files are closed, and its lock with them, when the last of its threads has ended: the first one may be a zombie before.
  const threads = async () => (await Bun.$`ps -L -o stat= -p ${program}`.nothrow().text()).split("\n").filter(Boolean);
  await waitFor(async () => (await threads()).every((state) => state.trim().startsWith("Z")), {
    what: "the program to end",
  });
}

async function query(url: string, text: string): Promise<unknown[]> {
  const db = connect({ url, name: "containers test", max: 1 });
  try {
    return [...(await db.sql.unsafe(text))];
  } finally {
    await db.close();
  }
}
