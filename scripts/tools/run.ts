export interface RunOptions {
  readonly cwd?: string;
  /** Over this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line that the program prints, on either stream. */
  readonly onLine?: (line: string) => void;
  /** Ends it when aborted. */
  readonly signal?: AbortSignal;
}

/** Runs a program to its end. @throws Error with its last words when it fails */
export async function run(command: readonly string[], { cwd, env, onLine, signal }: RunOptions = {}): Promise<void> {
  const child = Bun.spawn([...command], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  const printed: string[] = [];
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const line of linesOf(stream)) {
      printed.push(line);
      onLine?.(line);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  if ((await child.exited) !== 0) throw new Error(lastWords(printed));
}

/** Maven marks its complaints and says much after them; of the others, the end tells. */
function lastWords(printed: readonly string[]): string {
  const marked = printed.find((line) => line.startsWith("[ERROR]"));
  return (
    marked ??
    printed
      .filter((line) => line.trim() !== "")
      .slice(-3)
      .join(" · ")
  );
}

/** The lines of a stream as they come, without their ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
