/** From plain Node to a command that runs on Bun: finds or fetches Bun, installs what is missing, and passes signals and exit codes on. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager.split("@")[1];
const cache = join(root, ".rondo");
const parent = process.ppid;

/** Makes the repository ready. Answers the path of Bun, and an environment whose PATH begins with it. */
export async function prepare() {
  const bun = (await bunInPath()) ?? (await fetchBun());
  const env = { ...process.env, PATH: dirname(bun) + delimiter + (process.env.PATH ?? "") };
  await installDependencies(bun, env);
  return { bun, env };
}

/** Runs `main`; a failure is printed as one line, without its stack. */
export async function orExplain(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`rondo: ${error.message}\n`);
    process.exitCode = error.exitCode ?? 1;
  }
}

/**
 * Runs a program and answers its exit code (128 + n when signal n ended it).
 * A terminal sends Ctrl-C to the whole group, so with one the child has it already. Otherwise signals are passed on, and since
 * npm may end without doing that, the child is told to end as soon as npm is gone.
 */
export function run(program, args, { env = process.env, stdio = "inherit" } = {}) {
  const child = spawn(program, args, { cwd: root, env, stdio });
  const toChild = (signal) => child.exitCode === null && child.signalCode === null && child.kill(signal);
  const onInterrupt = () => process.stdin.isTTY || toChild("SIGINT");
  const onTerminate = () => toChild("SIGTERM");
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onTerminate);
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    toChild("SIGTERM");
  }, 250);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(signal === null ? code : 128 + os.constants.signals[signal]));
  }).finally(() => {
    clearInterval(watch);
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate).off("SIGHUP", onTerminate);
  });
}

/** What the program prints on standard output, or undefined when it cannot be run or fails. */
export function outputOf(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code === 0 ? text : undefined));
  });
}

async function bunInPath() {
  if (process.versions.bun === version) return process.execPath;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, "bun");
    if (isExecutable(candidate) && (await outputOf(candidate, ["--version"]))?.trim() === version) return candidate;
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Bun is an npm package per platform. It is installed under a temporary name and then renamed, so it is complete or absent. */
async function fetchBun() {
  const home = join(cache, `bun-${version}`);
  const arch = { arm64: "aarch64", x64: "x64" }[process.arch];
  if (!["darwin", "linux"].includes(process.platform) || arch === undefined) {
    throw new Error(`Rondo runs on Linux and macOS, on x64 and arm64; this is ${process.platform} on ${process.arch}`);
  }
  const name = `@oven/bun-${process.platform}-${arch}`;
  const bun = join(home, "bin", "bun");
  if (isExecutable(bun)) return bun;

  const draft = join(cache, `bun-${version}.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "package.json"), `{ "private": true }\n`);
  const flags = ["--prefix", draft, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await step(`Fetching Bun ${version} from npm`, "npm", ["install", ...flags, `${name}@${version}`]);
    renameSync(join(draft, "node_modules", name), home);
  } catch (error) {
    if (!isExecutable(bun)) throw error;
  } finally {
    rmSync(draft, { recursive: true });
  }
  return bun;
}

/** Nothing to do while `bun.lock` is the one that was installed last. No dependency's install script is ever run. */
async function installDependencies(bun, env) {
  const modules = join(root, "node_modules");
  const stamp = join(modules, ".rondo-lock");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "bun.lock")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("Installing dependencies", bun, ["install", "--frozen-lockfile", "--ignore-scripts"], env);
  writeFileSync(stamp, wanted);
}

async function step(what, program, args, env) {
  const start = Date.now();
  process.stderr.write(`rondo: ${what} …\n`);
  const code = await run(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (code !== 0) throw Object.assign(new Error(`${what}: ${program} did not succeed`), { exitCode: code });
  process.stderr.write(`rondo: ${what}: done in ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}
