import { readFileSync } from "node:fs";
import { errorCode } from "@rondo/db";
import postgres from "postgres";
import type { Place } from "./cluster.ts";
import { EmbeddedError } from "./failure.ts";
import { isServer, readPidFile } from "./pid_file.ts";
import { type Launch, launch, runs, type Server, shutDown } from "./postmaster.ts";

export interface Found {
  readonly server: Server;
  readonly adopted: boolean;
}

/**
 * The server of a folder that is ours: one that a killed predecessor left running, or a new one. A predecessor's may be
 * starting or shutting down: settled within a minute.
 */
export async function findServer(options: Launch): Promise<Found> {
  const { place } = options;
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const running = runningServer(place);
    if (running === "unsettled") {
      await Bun.sleep(10);
      continue;
    }
    const server = running ?? (await launch(options));
    if (server === undefined) continue;
    const state = await prepareServer(options, server);
    if (state === "ready") return { server, adopted: running !== undefined };
    if (state === "foreign") await shutDown(place, server);
  }
  throw new EmbeddedError(`PostgreSQL in ${place.folder} does not settle; see ${place.log}.`);
}

/** `gone`: it does not answer (any more). `foreign`: of another version, to be replaced. */
async function prepareServer({ place, settings }: Launch, server: Server): Promise<"ready" | "foreign" | "gone"> {
  const url = urlOf(place, server, "rondo_admin", "postgres");
  const sql = postgres(url, { max: 1, backoff: () => 0.05, connect_timeout: 3, onnotice: () => undefined });
  try {
    if (!(await isOfOurKind(sql, settings))) return "foreign";
    await ensureDatabase(sql, passwordOf(place));
    return "ready";
  } catch (error) {
    if (errorCode(error) === "28P01")
      throw new EmbeddedError("The password file does not fit the running PostgreSQL of this folder.", error);
    if (runs(place, server)) throw error;
    return "gone";
  } finally {
    await sql.end({ timeout: 0 });
  }
}

/** A server that another version left running has other settings, and program files that may be gone. */
async function isOfOurKind(sql: postgres.Sql, settings: Launch["settings"]): Promise<boolean> {
  const [row] = await sql<{ name: string }[]>`select current_setting('cluster_name') as name`;
  return row?.name === settings.cluster_name;
}

function runningServer(place: Place): Server | "unsettled" | undefined {
  const file = readPidFile(place.cluster);
  if (file === undefined || !isServer(file.pid)) return undefined;
  if (file.status !== "ready" || file.port === undefined) return "unsettled";
  return { pid: file.pid, port: file.port };
}

export const urlOf = (place: Place, { port }: Server, user: string, database: string): string =>
  `postgres://${user}:${passwordOf(place)}@127.0.0.1:${port}/${database}`;

const passwordOf = (place: Place): string => readFileSync(place.passwordFile, "utf8");

/** The program's own role is no superuser: what it does not need it cannot do. */
async function ensureDatabase(sql: postgres.Sql, password: string): Promise<void> {
  const [found] = await sql<{ role: boolean; database: boolean }[]>`select
    exists (select from pg_roles where rolname = 'rondo') as role,
    exists (select from pg_database where datname = 'rondo') as database`;
  if (found?.role !== true) await sql.unsafe(`create role rondo login password '${password}'`);
  if (found?.database !== true) await sql.unsafe("create database rondo owner rondo");
}
