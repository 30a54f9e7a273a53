import { freePort, manifestOf, type ServiceName } from "@rondo/scripts/engine";
import { type Program, spawnProgram } from "./program.ts";
import { emptyFolder } from "./server.ts";
import { waitFor } from "./wait_for.ts";

/** One service as its executable, at an address that it keeps. */
export interface Instance extends AsyncDisposable {
  readonly url: string;
  readonly admin: string;
  /** The one that runs, or ran last. */
  readonly program: Program;
  /** Starts what has ended, at the same place; resolves when it is ready. */
  startProgram(): Promise<void>;
}

export interface Place {
  readonly port: number;
  readonly adminPort: number;
}

export const newPlace = (): Place => ({ port: freePort(), adminPort: freePort() });

/** What every service is told, wherever it runs; the site's origin is nobody's address. */
export function environmentAt({ port, adminPort }: Place): Record<string, string> {
  return {
    RONDO_PORT: String(port),
    RONDO_ADMIN_PORT: String(adminPort),
    RONDO_ORIGIN: origin,
    RONDO_LOG_LEVEL: "warning",
  };
}

/** Those of the variables that a service reads, by its manifest: it refuses the others. */
export function readBy(name: ServiceName, values: Readonly<Record<string, string>>): Record<string, string> {
  const read = Object.values(manifestOf(name).config).map((variable) => variable.name);
  return Object.fromEntries(Object.entries(values).filter(([variable]) => read.includes(variable)));
}

/** Tests and measurements call faster than any person does. */
export const requestsPerMinute = "1000000";

/** Of the site, as browsers have it. */
export const origin = "http://localhost:3000";

/** A service that is not started yet, in a folder where nothing of the repository lies beside it. */
export function instanceAt(place: Place, executable: string, env: Readonly<Record<string, string>>) {
  const admin = `http://127.0.0.1:${place.adminPort}`;
  let program: Program | undefined;
  const current = (): Program => {
    if (program === undefined) throw new Error(`${executable} was not started`);
    return program;
  };
  const spawn = (): void => {
    program = spawnProgram([executable], { cwd: emptyFolder(), env: { ...environmentAt(place), ...env } });
  };
  const ready = async (): Promise<void> => {
    await waitFor(async () => (await fetch(`${admin}/readyz`)).ok, {
      what: () => `${executable} to be ready: ${current().output()}`,
      everyMs: 2,
    });
  };
  return {
    url: `http://127.0.0.1:${place.port}`,
    admin,
    get program() {
      return current();
    },
    /** Without waiting for it. */
    spawn,
    ready,
    async startProgram(): Promise<void> {
      spawn();
      await ready();
    },
    async [Symbol.asyncDispose]() {
      await program?.[Symbol.asyncDispose]();
    },
  };
}
