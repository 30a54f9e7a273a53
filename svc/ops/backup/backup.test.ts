import { beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { connect } from "@rondo/db";
import { runningUrl } from "@rondo/embedded_postgres";
import {
  describeWith,
  type Person,
  type RunningRondo,
  signUp,
  spawnProgram,
  startRondo,
  temporaryFolder,
} from "@rondo/testing";
import { ops } from "../kafka.fixture.ts";

const on = (dataDir: string, line: string) => ops(line, { RONDO_DATA_DIR: dataDir });

/** Every row of every table as text, by table. */
async function contentOf(dataDir: string): Promise<Map<string, string[]>> {
  const db = connect({ url: runningUrl(dataDir), name: "backup test", max: 1 });
  try {
    const tables = await db.sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in (select schemaname from pg_tables where tablename = 'migration') order by 1`;
    const found = new Map<string, string[]>();
    for (const { name } of tables) {
      const rows = await db.sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t order by 1`);
      found.set(
        name,
        rows.map(({ row }) => row),
      );
    }
    return found;
  } finally {
    await db.close();
  }
}

async function createTasks(
  { origin }: RunningRondo,
  { token, inbox_id }: Person,
  titles: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const title of titles) {
    const answer = await fetch(`${origin}/api/v1/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ title, notes: "a\tb\\.\n\\.\n“ž”", project_id: inbox_id }),
    });
    expect(answer.status).toBe(201);
    ids.push(((await answer.json()) as { id: string }).id);
  }
  return ids;
}

async function end({ program }: RunningRondo): Promise<void> {
  program.kill("SIGTERM");
  await program.expectExit(0);
}

let source: string;
let file: string;
let person: Person;

let before: Map<string, string[]>;
beforeAll(async () => {
  source = temporaryFolder("backup-source");
  file = join(temporaryFolder("backup-file"), "rondo.backup");
  await using rondo = await startRondo({ dataDir: source });
  person = await signUp(rondo.origin);
  await createTasks(rondo, person, ["one", "two \\N", "three"]);
  expect(await on(source, `backup ${file}`)).toMatchObject({ code: 0, complaint: "" });
  await end(rondo);
});

test("a backup is one file that only its owner can read, and an existing one is never overwritten", async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, ".."))).toEqual(["rondo.backup"]);
  await using rondo = await startRondo({ dataDir: source });
  const bytes = readFileSync(file);
  expect(await on(source, `backup ${file}`)).toMatchObject({
    code: 1,
    complaint: expect.stringContaining("it is there already"),
  });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  await end(rondo);
});

test("what is restored is the same to the row in every table, numbers go on where they were, and sessions and tokens still count", async () => {
  // Nothing is written in between: of a stopped source, started for the comparison alone.
  const quiet = join(temporaryFolder("backup-quiet"), "quiet.backup");
  {
    await using rondo = await startRondo({ dataDir: source });
    before = await contentOf(source);
    expect((await on(source, `backup ${quiet}`)).code).toBe(0);
    await end(rondo);
  }
  const target = join(temporaryFolder("backup-target"), "data");
  expect(await on(target, `restore ${quiet}`)).toMatchObject({ code: 0, complaint: "" });
  expect(readdirSync(target).sort()).toEqual(["lock", "postgresql", "secrets.json"]);
  expect(readFileSync(join(target, "secrets.json"), "utf8")).toBe(readFileSync(join(source, "secrets.json"), "utf8"));
  await using restored = await startRondo({ dataDir: target });
  const after = await contentOf(target);
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [table, rows] of before) expect({ table, rows: after.get(table) }).toEqual({ table, rows });
  const me = await fetch(`${restored.origin}/api/v1/me`, { headers: { cookie: person.cookie } });
  expect(me.status).toBe(200);
  const [next] = await createTasks(restored, person, ["after"]);
  expect(next).toBeString();
  expect((await on(target, "doctor")).output).toContain("ok    schema api");
  await end(restored);
});

test("a backup that is taken while people write is of one moment: every acknowledged task is in it, and each with its fact", async () => {
  const dataDir = temporaryFolder("backup-busy");
  await using rondo = await startRondo({ dataDir });
  const ada = await signUp(rondo.origin);
  const busy = join(temporaryFolder("backup-busy-file"), "busy.backup");
  const acknowledged = await createTasks(
    rondo,
    ada,
    Array.from({ length: 20 }, (_, n) => `before ${n}`),
  );
  const writing = createTasks(
    rondo,
    ada,
    Array.from({ length: 60 }, (_, n) => `during ${n}`),
  );
  expect((await on(dataDir, `backup ${busy}`)).code).toBe(0);
  await writing;
  await end(rondo);
  const target = join(temporaryFolder("backup-busy-target"), "data");
  expect((await on(target, `restore ${busy}`)).code).toBe(0);
  await using restored = await startRondo({ dataDir: target });
  const content = await contentOf(target);
  const created = content.get("api.task") ?? [];
  for (const id of acknowledged) expect(created.some((row) => row.includes(id))).toBe(true);
  const operations = content.get("api.operation") ?? [];
  for (const row of created) {
    const [id = ""] = /[0-9a-f-]{36}/.exec(row) ?? [];
    expect(operations.filter((each) => each.includes(id))).not.toEqual([]);
  }
  await end(restored);
});

describe("a restore is refused in one line, and leaves nothing behind:", () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder("backup-bad");
  });
  const refusal = async (bytes: Buffer, name = `${crypto.randomUUID()}.backup`) => {
    const bad = join(folder, name);
    writeFileSync(bad, bytes);
    const target = join(folder, crypto.randomUUID());
    const { code, complaint } = await on(target, `restore ${bad}`);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^rondo-ops: [^\n]+\n$/);
    expect(existsSync(target)).toBe(false);
    return complaint;
  };
  /** The content with another header, and a checksum that fits. */
  const rewritten = (change: (header: Record<string, unknown>) => unknown): Buffer => {
    const text = gunzipSync(readFileSync(file)).toString();
    const [first = "", ...rest] = text.slice(0, -72).split("\n");
    const header = JSON.parse(first);
    change(header);
    const content = [JSON.stringify(header), ...rest].join("\n");
    return gzipSync(`${content}sha256 ${createHash("sha256").update(content).digest("hex")}\n`);
  };

  test("a file that was cut off", async () => {
    const bytes = readFileSync(file);
    for (const length of [0, 1, 100, bytes.length >> 1, bytes.length - 1])
      expect(await refusal(bytes.subarray(0, length))).toContain("is no whole backup");
    const content = gunzipSync(bytes);
    expect(await refusal(gzipSync(content.subarray(0, content.length - 72)))).toContain("no checksum");
  });

  test("a file that was altered", async () => {
    const content = gunzipSync(readFileSync(file));
    const at = content.indexOf("three");
    content[at] = 84;
    expect(await refusal(gzipSync(content))).toContain("was altered");
    const zipped = Buffer.from(readFileSync(file));
    zipped.writeUInt8(zipped.readUInt8(zipped.length >> 1) ^ 1, zipped.length >> 1);
    expect(await refusal(zipped)).toMatch(/is no whole backup|was altered/);
  });

  test("something else", async () => {
    expect(await refusal(Buffer.from("holiday pictures"))).toContain("is no whole backup");
    expect(await refusal(gzipSync("holiday pictures\n"))).toContain("no checksum");
    expect(await refusal(rewritten((header) => Object.assign(header, { format: "other" })))).toContain(
      "is no backup of Rondo",
    );
  });

  test("a backup of a newer Rondo, by its format or its schema", async () => {
    expect(await refusal(rewritten((header) => Object.assign(header, { version: 2 })))).toContain("newer Rondo");
    const newer = rewritten((header) => {
      const [schema] = header.schemas as { migrations: unknown[] }[];
      schema?.migrations.push({ id: 99, name: "from_the_future", checksum: "x" });
    });
    expect(await refusal(newer)).toContain("from_the_future");
  });

  test("a backup whose schema was made by other statements", async () => {
    const other = rewritten((header) => {
      const [schema] = header.schemas as { migrations: { checksum: string }[] }[];
      const [first] = schema?.migrations ?? [];
      if (first !== undefined) first.checksum = "x";
    });
    expect(await refusal(other)).toContain("is not the one of this program");
  });

  test("a folder that is not empty, which stays as it is", async () => {
    const target = join(folder, "full");
    mkdirSync(target);
    writeFileSync(join(target, "notes.txt"), "mine");
    const { code, complaint } = await on(target, `restore ${file}`);
    expect({ code, complaint }).toEqual({ code: 1, complaint: expect.stringContaining("is not empty (notes.txt)") });
    expect(readdirSync(target)).toEqual(["notes.txt"]);
    const stopped = await on(source, `restore ${file}`);
    expect(stopped.complaint).toContain("is not empty");
  });

  test("a folder on which a Rondo runs", async () => {
    const target = join(folder, "running");
    await using rondo = await startRondo({ dataDir: target });
    expect((await on(target, `restore ${file}`)).complaint).toContain("in use by another running Rondo");
    await end(rondo);
  });
});

describeWith("mount", "full disks", (unshare) => {
  const main = join(import.meta.dir, "../main.ts");
  const onDisk = (folder: string, size: string, words: readonly string[]) => {
    const script = `mount -t tmpfs -o size=${size},mode=755 none "${folder}" && mkdir "${folder}/here" && "$0" "$@"; code=$?; ls -A "${folder}/here"; exit $code`;
    return spawnProgram([unshare, "--mount", "sh", "-c", script, process.execPath, main, ...words], {
      env: { RONDO_DATA_DIR: words[0] === "restore" ? join(folder, "here") : source },
    });
  };

  test("a backup that does not fit leaves no file", async () => {
    const folder = temporaryFolder("backup-full");
    await using rondo = await startRondo({ dataDir: source });
    await using program = onDisk(folder, "4k", ["backup", join(folder, "here", "rondo.backup")]);
    await program.expectExit(1);
    expect(program.output()).toMatch(/^rondo-ops: Cannot write \S+: the disk is full\.\n$/);
    await end(rondo);
  });

  test("a restore that does not fit leaves an empty folder", async () => {
    const folder = temporaryFolder("restore-full");
    for (const size of ["20m", "44m"]) {
      await using program = onDisk(folder, size, ["restore", file]);
      await program.expectExit(1);
      expect(program.stderr()).toMatch(/^rondo-ops: [^\n]*full[^\n]*\n$/);
      expect(program.stdout()).toMatch(/^(lock\n)?$/);
    }
  });
});
