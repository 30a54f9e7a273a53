import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type Database } from "@rondo/db";
import { describeWith, type Program, spawnProgram, temporaryFolder, waitFor } from "@rondo/testing";
import { serverAccount } from "./account.ts";
import { type Embedded, EmbeddedError, startEmbedded } from "./index.ts";
import { isRunning } from "./pid_file.ts";

const fixture = join(import.meta.dir, "start.fixture.ts");
const program = (dataDir: string, ...before: string[]): Program =>
  spawnProgram([...before, process.execPath, fixture, dataDir]);

const running: Embedded[] = [];
const open = async (dataDir: string): Promise<Embedded> => {
  const server = await startEmbedded({ dataDir });
  running.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = connect({ url, name: "embedded test", max: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const refusal = async (dataDir: string): Promise<string> => {
  const error = await startEmbedded({ dataDir }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EmbeddedError);
  const line = error instanceof Error ? error.message : "";
  expect(line).not.toContain("\n");
  return line;
};

test("a fresh folder becomes a server on the loopback only, whose program is no superuser and whose password is private", async () => {
  const dataDir = temporaryFolder("fresh");
  const server = await open(dataDir);
  expect(server.adopted).toBe(false);
  const [row] = await withDatabase(
    server.adminUrl,
    (db) => db.sql`select
      current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
      current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
      current_setting('full_page_writes') as pages, (select rolsuper from pg_roles where rolname = 'rondo') as superuser`,
  );
  expect(row).toEqual({
    addresses: "127.0.0.1",
    sockets: "",
    fsync: "on",
    commits: "on",
    pages: "on",
    superuser: false,
  });
  expect(statSync(join(dataDir, "postgresql", "password")).mode & 0o777).toBe(0o600);
  const stranger = connect({ url: server.url.replace(/:[^:@]+@/, ":guess@"), name: "stranger" });
  expect(String(await stranger.sql`select 1`.catch((error: unknown) => error))).toContain(
    "password authentication failed",
  );
  await stranger.close();
});

test("what was written is there after a stop and a start", async () => {
  const dataDir = temporaryFolder("again");
  const first = await startEmbedded({ dataDir });
  await withDatabase(first.url, (db) => db.sql.unsafe("create table kept (n int); insert into kept values (7)"));
  await first.stop();
  expect(isRunning(first.pid)).toBe(false);
  const second = await open(dataDir);
  expect(await withDatabase(second.url, (db) => db.sql`select n from kept`)).toEqual([{ n: 7 }] as never);
});

test("a server whose program was killed is adopted with all that was acknowledged", async () => {
  const dataDir = temporaryFolder("adopt");
  await withProgram(program(dataDir), async (killed) => {
    const [, pid, url = ""] = await killed.line(/ready pid=(\d+) .*url=(\S+)/);
    await withDatabase(url, (db) => db.sql.unsafe("create table kept (n int); insert into kept values (7)"));
    killed.kill("SIGKILL");
    await killed.ended();
    const server = await open(dataDir);
    expect(server.adopted).toBe(true);
    expect(server.pid).toBe(Number(pid));
    expect(await withDatabase(server.url, (db) => db.sql`select n from kept`)).toEqual([{ n: 7 }] as never);
    await server.stop();
    running.pop();
    expect(isRunning(Number(pid))).toBe(false);
  });
});

test("a server that another version left running is replaced by one of ours", async () => {
  const dataDir = temporaryFolder("other-version");
  await withProgram(program(dataDir), async (killed) => {
    const [, pid, url = ""] = await killed.line(/ready pid=(\d+) .*url=(\S+)/);
    await withDatabase(url, (db) => db.sql.unsafe("create table kept (n int); insert into kept values (7)"));
    killed.kill("SIGKILL");
    await killed.ended();
    const server = await startEmbedded({ dataDir, settings: { work_mem: "9MB" } });
    running.push(server);
    expect(server.adopted).toBe(false);
    expect(isRunning(Number(pid))).toBe(false);
    expect(await withDatabase(server.url, (db) => db.sql`select n from kept`)).toEqual([{ n: 7 }] as never);
  });
});

test("a folder in use is refused, and its user is not disturbed", async () => {
  const dataDir = temporaryFolder("in-use");
  const server = await open(dataDir);
  expect(await refusal(dataDir)).toContain("is in use by another running Rondo");
  expect(await withDatabase(server.url, (db) => db.sql`select 1 as n`)).toHaveLength(1);
});

test("of several starters on a fresh folder one wins and the others are refused", async () => {
  const dataDir = temporaryFolder("race");
  const starters = [program(dataDir), program(dataDir), program(dataDir)];
  try {
    const lines = await Promise.all(starters.map((starter) => starter.line(/ready|in use by another/)));
    expect(lines.map(([word]) => word).sort()).toEqual(["in use by another", "in use by another", "ready"]);
  } finally {
    for (const starter of starters) starter.kill("SIGTERM");
    await Promise.all(starters.map((starter) => starter.ended()));
  }
});

test("stopping one server leaves the other alone", async () => {
  const [one, other] = await Promise.all([
    startEmbedded({ dataDir: temporaryFolder("one") }),
    startEmbedded({ dataDir: temporaryFolder("other") }),
  ]);
  running.push(other);
  await one.stop();
  expect(await withDatabase(other.url, (db) => db.sql`select 1 as n`)).toHaveLength(1);
});

test("a server that is killed is started again where it was, and the folder stays ours", async () => {
  const dataDir = temporaryFolder("restart");
  const restarts: number[] = [];
  const server = await startEmbedded({ dataDir, onRestart: (pid) => restarts.push(pid) });
  running.push(server);
  await withDatabase(server.url, async (db) => {
    await db.sql.unsafe("create table kept (n int); insert into kept values (7)");
    const killed = server.pid;
    process.kill(killed, "SIGKILL");
    await waitFor(() => restarts.length === 1, { what: "the restart" });
    const rows = await waitFor(() => db.sql`select n from kept`, { what: "the pool to find it again" });
    expect(rows).toEqual([{ n: 7 }] as never);
    expect(server.pid).not.toBe(killed);
  });
  await waitFor(async () => (await refusal(dataDir)).includes("in use"), { what: "the lock to be held again" });
});

test("a pid file that names a zombie or a stranger after a crash does not keep the server from starting", async () => {
  const dataDir = temporaryFolder("stale");
  const first = await startEmbedded({ dataDir });
  const pidFile = join(dataDir, "postgresql", "cluster", "postmaster.pid");
  const text = readFileSync(pidFile, "utf8");
  await first.stop();
  // PostgreSQL looks away when the stranger is another user's.
  const stranger = Bun.spawn(["sleep", "60"], { ...serverAccount(join(dataDir, "postgresql")) });
  writeFileSync(pidFile, text.replace(/^\d+/, String(stranger.pid)));
  expect((await open(dataDir)).adopted).toBe(false);
  stranger.kill();
});

describe("refusals, each one clear line", () => {
  test("data of another major version", async () => {
    const dataDir = temporaryFolder("major");
    await (await startEmbedded({ dataDir })).stop();
    writeFileSync(join(dataDir, "postgresql", "cluster", "PG_VERSION"), "16\n");
    expect(await refusal(dataDir)).toContain("is of PostgreSQL 16; this program has PostgreSQL 18");
  });

  test("a folder that holds something else", async () => {
    const dataDir = temporaryFolder("else");
    await Bun.write(join(dataDir, "postgresql", "notes.txt"), "mine");
    expect(await refusal(dataDir)).toContain("not that of a PostgreSQL server");
    expect(await Bun.file(join(dataDir, "postgresql", "notes.txt")).text()).toBe("mine");
  });

  test("a file where the folder should be", async () => {
    const path = join(temporaryFolder("file"), "file");
    writeFileSync(path, "");
    expect(await refusal(join(path, "data"))).toContain("is not a folder");
  });

  test("a damaged cluster", async () => {
    const dataDir = temporaryFolder("damaged");
    await (await startEmbedded({ dataDir })).stop();
    writeFileSync(join(dataDir, "postgresql", "cluster", "global", "pg_control"), "nonsense");
    expect(await refusal(dataDir)).toContain("Starting PostgreSQL");
  });
});

describeWith("root", "as root and as a user", (setpriv) => {
  const asNobody = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"];

  test("root's server runs as somebody else", async () => {
    const server = await open(temporaryFolder("as-root"));
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
  });

  test("a folder that the server's user cannot reach is refused", async () => {
    const parent = temporaryFolder("closed");
    await Bun.$`chmod 700 ${parent}`;
    expect(await refusal(join(parent, "data"))).toContain(`may not enter ${parent}`);
  });

  test("a user's server runs as that user", async () => {
    const dataDir = temporaryFolder("as-user");
    await Bun.$`chown 65534:65534 ${dataDir}`;
    await withProgram(program(dataDir, ...asNobody), async (users) => {
      const [, pid] = await users.line(/ready pid=(\d+)/);
      expect(statSync(`/proc/${pid}`).uid).toBe(65534);
      users.kill("SIGTERM");
      await users.expectExit(0);
    });
  });

  test("a user is told whose folder it is", async () => {
    const dataDir = temporaryFolder("foreign");
    await (await startEmbedded({ dataDir })).stop();
    await Bun.$`chmod 755 ${dataDir} && chown -R 65533 ${join(dataDir, "postgresql")}`;
    await withProgram(program(dataDir, ...asNobody), async (users) => {
      await users.expectExit(1);
      expect(users.stderr()).toMatch(/^The data in \S+ belongs to user 65533; this is user 65534\. .*\n$/);
    });
  });

  test("a user's folder that is closed to them is refused", async () => {
    const dataDir = temporaryFolder("not-mine");
    await withProgram(program(join(dataDir, "data"), ...asNobody), async (users) => {
      await users.expectExit(1);
      expect(users.stderr()).toMatch(/^Cannot write to \S+: permission denied\. .*\n$/);
    });
  });
});

describeWith("mount", "disks", (unshare) => {
  const onDisk = (dataDir: string, options: string): Program => {
    const script = `mount -t tmpfs -o ${options} none "${dataDir}" && exec "$0" "$@"`;
    return program(dataDir, unshare, "--mount", "sh", "-c", script);
  };

  test("a full disk is one clear line, and nothing half made stays", async () => {
    const dataDir = temporaryFolder("full");
    await withProgram(onDisk(dataDir, "size=12m,mode=755"), async (starter) => {
      await starter.expectExit(1);
      expect(starter.stderr()).toMatch(/^Cannot write to \S+: the disk is full\. .*\n$/);
    });
  });

  test("a read-only disk is one clear line", async () => {
    const dataDir = temporaryFolder("read-only");
    await withProgram(onDisk(dataDir, "ro,mode=755"), async (starter) => {
      await starter.expectExit(1);
      expect(starter.stderr()).toMatch(/^Cannot write to \S+: it is on a read-only file system\. .*\n$/);
    });
  });
});

async function withProgram(one: Program, work: (one: Program) => Promise<void>): Promise<void> {
  await using started = one;
  await work(started);
}
