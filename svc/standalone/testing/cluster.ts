import { join } from "node:path";
import { createTestDatabase, type Program, spawnProgram, temporaryFolder, testKafka, waitFor } from "@rondo/testing";
import {
  freePort,
  type Resources,
  type SidecarProcess,
  startAuthority,
  startScheduler,
  startSidecar,
  writeResources,
} from "@rondo/toolchain/engine";
import { emptyFolder } from "./smoke.ts";

export const services = ["api", "audit", "web", "sync"] as const;
export type ServiceName = (typeof services)[number];

export const origin = "http://localhost:3000";
export const tokens = { dapr: "shown-to-the-sidecars", app: "shown-to-the-apps" };

/** One service as its executable, and the sidecar beside it. */
export interface Member {
  readonly url: string;
  readonly admin: string;
  readonly program: Program;
  readonly sidecar: SidecarProcess;
  /** From the start of the program, its sidecar being there, until it was ready. */
  readonly ready_ms: number;
  /** Starts what has ended, at the same place. */
  startProgram(): Promise<void>;
  startSidecar(): Promise<void>;
}

/** What all services share: PostgreSQL, Kafka, Dapr's scheduler and authority; nothing but the secret store knows the secrets. */
export interface Cluster extends AsyncDisposable {
  /** Starts a service, its sidecar first unless told; resolves when it is ready. */
  start(name: ServiceName, first?: "sidecar" | "program"): Promise<Member>;
}

/** @param executables the folder of what was built */
export async function startCluster(executables: string): Promise<Cluster> {
  await using untilReturned = new AsyncDisposableStack();
  const folder = temporaryFolder("cluster");
  const [database, kafka] = await Promise.all([createTestDatabase(), testKafka()]);
  untilReturned.defer(database.close);
  const scheduler = untilReturned.use(await startScheduler({ folder: join(folder, "scheduler") }));
  const authority = untilReturned.use(await startAuthority({ folder: join(folder, "authority") }));
  const secrets: Record<ServiceName, Record<string, string>> = {
    api: { DATABASE_URL: database.url, RONDO_AUTH_SECRET: "a secret of at least thirty-two characters" },
    audit: { DATABASE_URL: database.url },
    web: {},
    sync: {},
  };
  const shared = { brokers: kafka.brokers, scheduler: scheduler.address, authority, resources: writeResources(folder) };
  const members: AsyncDisposable[] = [];
  untilReturned.defer(async () => void (await Promise.all(members.map((member) => member[Symbol.asyncDispose]()))));
  const everything = untilReturned.move();
  return {
    async start(name, first = "sidecar") {
      const file = join(folder, `${name}.json`);
      await Bun.write(file, JSON.stringify(secrets[name]));
      const member = await startMember({ name, first, executables, folder, secrets: file, shared });
      members.push(member);
      return member;
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

interface MemberOptions {
  readonly name: ServiceName;
  readonly first: "sidecar" | "program";
  readonly executables: string;
  readonly folder: string;
  readonly secrets: string;
  readonly shared: Omit<Parameters<typeof startSidecar>[0], "appId" | "appPort" | "folder"> & { resources: Resources };
}

async function startMember(options: MemberOptions): Promise<Member & AsyncDisposable> {
  const { name, first, executables, folder, secrets, shared } = options;
  const [port, adminPort, httpPort] = [freePort(), freePort(), freePort()];
  const admin = `http://127.0.0.1:${adminPort}`;
  const openSidecar = () =>
    startSidecar({ ...shared, appId: name, appPort: port, tokens, secrets, httpPort, folder: join(folder, name) });
  const spawn = () =>
    spawnProgram([join(executables, name)], {
      cwd: emptyFolder(),
      env: {
        RONDO_ENGINE: "dapr",
        RONDO_SIDECAR_URL: `http://127.0.0.1:${httpPort}`,
        DAPR_API_TOKEN: tokens.dapr,
        APP_API_TOKEN: tokens.app,
        RONDO_SECRET_STORE: "secrets",
        RONDO_PORT: String(port),
        RONDO_ADMIN_PORT: String(adminPort),
        RONDO_ORIGIN: origin,
        RONDO_LOG_LEVEL: "warning",
        ...(name === "web" && { RONDO_TRUSTED_PROXIES: "127.0.0.1" }),
      },
    });
  const untilReady = (program: Program) =>
    waitFor(async () => (await fetch(`${admin}/readyz`)).ok, {
      what: `${name} to be ready: ${program.output()}`,
      deadlineMs: 30_000,
      everyMs: 2,
    });

  let program = first === "program" ? spawn() : undefined;
  let sidecar = await openSidecar();
  const begun = performance.now();
  program ??= spawn();
  await untilReady(program);
  const ready_ms = performance.now() - begun;
  const running = program;
  let current = running;
  return {
    url: `http://127.0.0.1:${port}`,
    admin,
    ready_ms,
    get program() {
      return current;
    },
    get sidecar() {
      return sidecar;
    },
    async startProgram() {
      current = spawn();
      await untilReady(current);
    },
    async startSidecar() {
      sidecar = await openSidecar();
    },
    async [Symbol.asyncDispose]() {
      await current[Symbol.asyncDispose]();
      await sidecar.stop();
    },
  };
}
