import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Embedded, startEmbedded } from "@rondo/embedded_postgres";
import { removeAtEnd } from "@rondo/scripts/janitor";

let starting: Promise<Embedded> | undefined;

/** The one PostgreSQL of this test process: in memory where possible, without fsync, gone when the process ends. */
export function testServer(): Promise<Embedded> {
  starting ??= start();
  return starting;
}

/** A folder for one test process's data, removed at its end; a server in it is stopped. */
export function temporaryFolder(label: string): string {
  const parent = memoryFolder();
  removeLeftovers(parent);
  const folder = join(parent, `rondo-test-${process.pid}-${label}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(folder, { mode: 0o755 });
  removeAtEnd(folder);
  return folder;
}

/** For a program beside which nothing shall lie. */
export function emptyFolder(): string {
  const folder = join(temporaryFolder("empty"), "here");
  mkdirSync(folder);
  return folder;
}

function start(): Promise<Embedded> {
  return startEmbedded({
    dataDir: temporaryFolder("server"),
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      max_connections: "200",
      autovacuum: "off",
      dynamic_shared_memory_type: "mmap", // Inside the folder, so that nothing stays when the server is killed.
    },
  });
}

function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK | constants.X_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

/** A test run that was killed together with its janitor (or the machine) leaves its folder, perhaps with a server. */
export function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^rondo-test-(\d+)-/.exec(name)?.[1]);
    if (!Number.isInteger(pid) || signal(pid, 0)) continue;
    const folder = join(parent, name);
    const server = postmasterOf(folder);
    if (server !== undefined) signal(server, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  }
}

function postmasterOf(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, "postgresql/cluster/postmaster.pid"), "utf8").split("\n")[0]);
    return pid > 0 && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres") ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process was there to be signalled. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
