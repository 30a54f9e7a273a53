import { describe, test } from "bun:test";
import { appendFileSync } from "node:fs";
import { toolPath } from "@rondo/scripts/tools";

/** What some tests need and not every machine has: how to find it, and what to say when it is missing. */
const engines = {
  chromium: { find: () => command("chromium", "chromium-browser", "google-chrome"), want: "a Chromium in PATH" },
  k6: { find: () => toolPath("k6"), want: "k6, which npm run tools builds with Go" },
  daprd: { find: () => toolPath("daprd"), want: "daprd, which npm run tools builds with Go" },
  scheduler: { find: () => toolPath("scheduler"), want: "Dapr's scheduler, which npm run tools builds with Go" },
  sentry: { find: () => toolPath("sentry"), want: "Dapr's sentry, which npm run tools builds with Go" },
  kafka: {
    find: () => (command("java") === undefined ? undefined : toolPath("kafka")),
    want: "Java, and Kafka, which npm run tools fetches with Maven",
  },
  root: {
    find: () => (process.getuid?.() === 0 ? command("setpriv") : undefined),
    want: "to run as root, with setpriv",
  },
  mount: { find: mountable, want: "to run as root with the right to mount" },
  namespaces: { find: separable, want: "to run as root with the right to make process namespaces" },
} as const;

export type EngineName = keyof typeof engines;

export type Engine =
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly reason: string };

function command(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const path = Bun.which(name);
    if (path !== null) return path;
  }
  return undefined;
}

/** Many containers are root without the right to mount. */
function mountable(): string | undefined {
  const unshare = command("unshare");
  if (process.getuid?.() !== 0 || unshare === undefined) return undefined;
  const trial = "mount -t tmpfs -o size=64k none /mnt";
  return Bun.spawnSync([unshare, "--mount", "sh", "-c", trial], { stderr: "ignore" }).success ? unshare : undefined;
}

/** As one container beside another: its own processes, its own shared memory, the same files. */
export const asContainer = ["--pid", "--fork", "--kill-child", "--ipc", "--mount-proc"] as const;

function separable(): string | undefined {
  const unshare = command("unshare");
  if (process.getuid?.() !== 0 || unshare === undefined) return undefined;
  return Bun.spawnSync([unshare, ...asContainer, "true"], { stderr: "ignore" }).success ? unshare : undefined;
}

/** Whether this machine has the engine, and where. */
export function engine(name: EngineName): Engine {
  const { find, want } = engines[name];
  const path = find();
  return path === undefined ? { available: false, reason: `this needs ${want}` } : { available: true, path };
}

export interface SkipOptions {
  /** Fail instead of skipping: `RONDO_REQUIRE_ENGINES=1`. */
  readonly required: boolean;
  /** A file that collects what was skipped, for the summary of the whole run: `RONDO_SKIP_REPORT`. */
  readonly report: string | undefined;
}

const fromEnvironment = (): SkipOptions => ({
  required: process.env.RONDO_REQUIRE_ENGINES === "1",
  report: process.env.RONDO_SKIP_REPORT,
});

/**
 * `describe` for tests that need an engine, or several. Without it they are skipped loudly (a line on stderr and in the
 * report), or fail where engines are required. `fn` gets the path of each.
 */
export function describeWith(
  names: EngineName | readonly EngineName[],
  title: string,
  fn: (...paths: string[]) => void,
): void {
  const list: readonly EngineName[] = typeof names === "string" ? [names] : names;
  const paths: string[] = [];
  const reasons: string[] = [];
  for (const found of list.map(engine)) {
    if (found.available) paths.push(found.path);
    else reasons.push(found.reason);
  }
  if (reasons.length === 0) describe(title, () => fn(...paths));
  else withoutEngine(list.join(", "), title, reasons.join("; "), fromEnvironment());
}

function withoutEngine(names: string, title: string, reason: string, options: SkipOptions): void {
  if (options.required) {
    test(`${title} (needs ${names})`, () => {
      throw new Error(`engines are required here, but ${reason}`);
    });
    return;
  }
  announceSkip(`skipped: ${title} (${names}): ${reason}`, options);
  describe(title, () => test.skip(`needs ${names}: ${reason}`, () => undefined));
}

/** Says loudly that something was not tested, and why. */
export function announceSkip(line: string, { report }: SkipOptions = fromEnvironment()): void {
  process.stderr.write(`${line}\n`);
  if (report) appendFileSync(report, `${line}\n`);
}
