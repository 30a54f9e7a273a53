import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "@rondo/db";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { childEnvironment, type Place } from "./cluster.ts";
import { EmbeddedError, outputFailure } from "./failure.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { disownStalePidFile, isRunning, isServer, readPidFile } from "./pid_file.ts";

export interface Launch {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  /** From `settingsFor`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Server {
  readonly pid: number;
  readonly port: number;
}

/** A start may have to replay the log of a crash first. */
const startDeadlineMs = 120_000;
const pauseMs = 5;

/**
 * Starts a postmaster that outlives this process (the next start adopts it) and that Ctrl-C in our terminal does not
 * reach. `undefined` when another one opened the cluster meanwhile. `port` undefined: a free one.
 */
export async function launch(options: Launch, port?: number): Promise<Server | undefined> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await launchLocked(options, port ?? freePort());
    if (outcome.kind === "ready") return outcome.server;
    if (outcome.kind === "taken") return undefined;
    if (outcome.kind === "failed" || tries >= 5) {
      throw outputFailure("Starting PostgreSQL", options.place.folder, outcome.output);
    }
    await Bun.sleep(100);
  }
}

type Outcome =
  | { readonly kind: "ready"; readonly server: Server }
  | { readonly kind: "taken" }
  | { readonly kind: "busy" | "failed"; readonly output: string };

/** How long processes of a killed postmaster may take to notice and end. */
const endingMs = 10_000;

/**
 * The server inherits a lock that tells of it where its process cannot be seen: in another container that shares the folder.
 * PostgreSQL itself protects its data by process ids and shared memory only, which containers do not share.
 */
async function launchLocked(options: Launch, port: number): Promise<Outcome> {
  const deadline = performance.now() + endingMs;
  for (;;) {
    const lock = lockFile(options.place.serverLock);
    if (lock !== undefined) return await launchOn(options, port, lock).finally(lock.release);
    if (performance.now() > deadline) throw new EmbeddedError(unseen(options.place));
    await Bun.sleep(pauseMs);
  }
}

const unseen = ({ folder }: Place): string =>
  `A PostgreSQL that this process cannot see has the data in ${folder} open. Stop it (another container's?) or choose another folder with RONDO_DATA_DIR.`;

async function launchOn(
  { place, binaries, account, settings }: Launch,
  port: number,
  lock: FileLock,
): Promise<Outcome> {
  rotate(place.log);
  disownStalePidFile(place.cluster);
  const log = openSync(place.log, "a", 0o600);
  const from = statSync(place.log).size;
  const server = [join(binaries.folder, "bin", "postgres"), "-D", place.cluster];
  const child = Bun.spawn(["/bin/sh", "-c", orphan, ...server, ...asArguments({ ...settings, port: String(port) })], {
    cwd: place.cluster,
    env: childEnvironment,
    stdio: ["ignore", "pipe", log, lock.descriptor],
    detached: true,
    ...account,
  });
  closeSync(log);
  const pid = Number(await new Response(child.stdout).text());
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline) {
    const file = readPidFile(place.cluster);
    if (file?.pid === pid && file.status === "ready") return { kind: "ready", server: { pid, port } };
    if (!isRunning(pid)) return ended(readFileSync(place.log).subarray(from).toString());
    await Bun.sleep(pauseMs);
  }
  process.kill(pid, "SIGQUIT");
  throw new EmbeddedError(
    `PostgreSQL in ${place.folder} did not get ready within ${startDeadlineMs / 1_000} s; see ${place.log}.`,
  );
}

/**
 * The server is nobody's child, as it will be anyway once this process is killed: so there is one way to look after it,
 * and whoever ends our children (a test runner, for one) does not end it. Prints the process id.
 */
const orphan = 'exec 4>&1 1>&2; "$0" "$@" 4>&- & echo $! >&4';

function ended(output: string): Outcome {
  if (/lock file "postmaster.pid" already exists/.test(output)) return { kind: "taken" };
  // The latter while the processes of a postmaster that was killed are still ending.
  const again = /Address already in use|could not create any TCP|pre-existing shared memory/.test(output);
  return { kind: again ? "busy" : "failed", output };
}

const asArguments = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

/** Keeps one older log of at most 5 MB. */
function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > 5_000_000) renameSync(log, `${log}.1`);
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

/** Stops exactly this server: a fast shutdown (SIGINT), and after `patienceMs` an immediate one (SIGQUIT), which loses nothing. */
export async function shutDown(place: Place, server: Server, patienceMs = 10_000): Promise<void> {
  if (!runs(place, server)) return;
  const signals = [
    ["SIGINT", patienceMs],
    ["SIGQUIT", 10_000],
  ] as const;
  for (const [signal, waitMs] of signals) {
    send(server.pid, signal);
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      if (!isServer(server.pid)) return;
      await Bun.sleep(pauseMs);
    }
  }
  throw new EmbeddedError(`PostgreSQL in ${place.folder} (process ${server.pid}) does not stop.`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error; // It has just ended by itself.
  }
}

/** Whether this very server still has the cluster open: its process runs and the cluster's pid file names it. */
export function runs(place: Place, { pid }: Server): boolean {
  return readPidFile(place.cluster)?.pid === pid && isServer(pid);
}
