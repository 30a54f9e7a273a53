import { killAtEnd } from "@rondo/scripts/janitor";

export interface ProgramOptions {
  readonly cwd?: string;
  /** Over this process's environment, from which `RONDO_*`, `DATABASE_URL` and `OTEL_*` are taken out first. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: Bun.Subprocess["signalCode"];
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Everything it has printed so far, stdout and stderr in the order in which it came. */
  output(): string;
  stdout(): string;
  stderr(): string;
  /** The first match in its output, printed already or within `deadlineMs` (60,000); fails at once when it ends without. */
  line(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal to the program alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to it and all that it started in its group, as Ctrl-C in a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
  /** Resolves when it has ended; fails when it has not within `deadlineMs` (60,000). */
  ended(deadlineMs?: number): Promise<Ended>;
  /** Fails unless it ends by itself with this exit code. */
  expectExit(code: number, deadlineMs?: number): Promise<void>;
}

/** Starts a program in a process group of its own; what is left of the group is killed at disposal or at our own end. */
export function spawnProgram(command: readonly string[], options: ProgramOptions = {}): Program {
  const child = Bun.spawn([...command], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = killAtEnd(child.pid);
  const printed = { all: "", stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const read = async (stream: ReadableStream<Uint8Array>, name: "stdout" | "stderr"): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      printed[name] += text;
      printed.all += text;
      for (const watcher of watchers) watcher();
    }
  };
  const reading = Promise.all([read(child.stdout, "stdout"), read(child.stderr, "stderr")]);
  const describe = (): string => `${command.join(" ")}\n${printed.all}`;

  const line = (pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = (): void => {
      const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).exec(printed.all);
      if (match !== null) resolve(match);
    };
    const timer = setTimeout(
      () => reject(new Error(`no ${pattern} within ${deadlineMs} ms from ${describe()}`)),
      deadlineMs,
    );
    watchers.add(look);
    look();
    // Descendants may hold the pipes open for longer than the program lives: what it printed itself is there by then.
    child.exited.then(async () => {
      await Promise.race([reading, Bun.sleep(200)]);
      look();
      reject(new Error(`it ended without ${pattern}: ${describe()}`));
    });
    return promise.finally(() => {
      clearTimeout(timer);
      watchers.delete(look);
    });
  };

  const ended = async (deadlineMs = 60_000): Promise<Ended> => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`still running after ${deadlineMs} ms: ${describe()}`)),
      deadlineMs,
    );
    try {
      await Promise.race([child.exited, promise]);
      await Promise.race([reading, Bun.sleep(200)]);
    } finally {
      clearTimeout(timer);
    }
    return { code: child.exitCode, signal: child.signalCode };
  };

  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };

  return {
    pid: child.pid,
    output: () => printed.all,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    line,
    kill: (signal) => child.kill(signal),
    killGroup,
    ended,
    async expectExit(code, deadlineMs) {
      const outcome = await ended(deadlineMs);
      if (outcome.code === code) return;
      throw new Error(`ended with ${outcome.signal ?? outcome.code} instead of ${code}: ${describe()}`);
    },
    async [Symbol.asyncDispose]() {
      killGroup("SIGKILL");
      await child.exited;
      end.settled();
    },
  };
}

function cleanEnvironment(): Record<string, string | undefined> {
  const ours = /^(RONDO_|OTEL_|DATABASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
