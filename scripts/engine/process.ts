import { killAtEnd } from "../janitor.ts";
import { linesOf } from "../tools/run.ts";

export interface ProcessOptions {
  /** For the messages of failures. */
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** All that it gets of an environment, beside PATH, HOME and the like. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line that it prints, on either stream. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Whether it is ready; asked again until it is. `printed` tells whether a line with this text has come. */
  readonly ready: (printed: (text: string) => boolean) => Promise<boolean>;
  /** Between two looks; 10 unless told. */
  readonly lookMs?: number;
  /** 60,000 unless told: a cold disk and two busy cores are slow. */
  readonly deadlineMs?: number;
  /** Aborted: a start that is under way is given up, and what it has started is killed. */
  readonly signal?: AbortSignal | undefined;
  /** How long `stop` waits for it to end by itself; 8,000. */
  readonly patienceMs?: number;
}

export interface EngineProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when it has ended, with how and its last lines. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL when it has not ended in time. Resolves when it has. */
  stop(): Promise<void>;
  /** SIGKILL. Resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs until `resume`. */
  pause(): void;
  resume(): void;
}

const lastLines = 20;

/**
 * Starts a part of the engine in a process group of its own, which Ctrl-C in our terminal does not reach and the janitor ends
 * when we are killed. Resolves when it is ready.
 * @throws Error with its last lines when it ends before, or is not ready in time
 */
export async function startProcess(options: ProcessOptions): Promise<EngineProcess> {
  options.signal?.throwIfAborted();
  const { name, command, cwd, env = {}, onLine, ready, deadlineMs = 60_000, signal, patienceMs = 8_000 } = options;
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...surroundings(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const janitor = killAtEnd(child.pid);
  const recent: string[] = [];
  const seen: string[] = [];
  let starting = true;
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const line of linesOf(stream)) {
      if (starting) seen.push(line);
      recent.push(line);
      if (recent.length > lastLines) recent.shift();
      onLine?.(line);
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  const ended = child.exited.then(async () => {
    janitor.settled();
    await reading;
    return `${name} ended with ${child.signalCode ?? `code ${child.exitCode}`}:\n${recent.join("\n")}`;
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  const stop = async (): Promise<void> => {
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const impatient = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await ended.finally(() => clearTimeout(impatient));
  };
  try {
    await untilReady();
  } catch (error) {
    await kill();
    throw error;
  } finally {
    starting = false;
    seen.length = 0;
  }
  return {
    pid: child.pid,
    ended,
    stop,
    kill,
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    [Symbol.asyncDispose]: stop,
  };

  async function untilReady(): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    const printed = (text: string): boolean => seen.some((line) => line.includes(text));
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(await ended);
      if (await ready(printed)) return;
      signal?.throwIfAborted();
      if (performance.now() > deadline)
        throw new Error(`${name} was not ready within ${deadlineMs} ms:\n${recent.join("\n")}`);
      await Bun.sleep(options.lookMs ?? 10);
    }
  }
}

/** Whether an HTTP answer with one of these status codes comes at once. */
export async function answers(url: string, ...statuses: readonly number[]): Promise<boolean> {
  try {
    const { status, body } = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await body?.cancel();
    return statuses.includes(status);
  } catch {
    return false;
  }
}

/** Nothing of our own configuration: only where programs and the home are. */
function surroundings(): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "TMPDIR", "JAVA_HOME", "SSL_CERT_FILE"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
