import { expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiMigrations } from "@rondo/api";
import { auditMigrations } from "@rondo/audit";
import { busMigrations } from "@rondo/bus";
import { schedulerMigrations } from "@rondo/scheduler";
import { createTestDatabase, describeWith, spawnProgram, startRondo, temporaryFolder } from "@rondo/testing";

const main = join(import.meta.dir, "main.ts");
const root = join(import.meta.dir, "../..");

/** All that it says on stderr before it gives up with 1; `through` may prepare the ground on which it starts. */
async function refusal(env: Readonly<Record<string, string>>, through: readonly string[] = []): Promise<string> {
  const settings = { RONDO_DATA_DIR: temporaryFolder("refusal"), RONDO_PORT: "0", RONDO_ADMIN_PORT: "0", ...env };
  await using program = spawnProgram([...through, process.execPath, main], { cwd: root, env: settings });
  await program.expectExit(1);
  expect(program.stdout()).not.toContain("Rondo is ready");
  return program.stderr();
}

test("a PostgreSQL that is too old", async () => {
  // What PostgreSQL 16 and older answer to our first message (protocol 3.0, ErrorResponse), in the parts that count.
  const fields = ["SFATAL", "C42704", 'Munrecognized configuration parameter "transaction_timeout"', ""];
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(""));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  const answer = Buffer.concat([Buffer.from("E"), size, body]);
  using old = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end(answer) } });
  expect(await refusal({ DATABASE_URL: `postgres://rondo:hush@127.0.0.1:${old.port}/rondo` })).toBe(
    "rondo: PostgreSQL is too old: Rondo needs PostgreSQL 17 or newer.\n",
  );
});

test("damaged secrets, and the PostgreSQL that was started already is stopped again", async () => {
  const dataDir = temporaryFolder("damaged");
  await using rondo = await startRondo({ dataDir });
  rondo.program.kill("SIGTERM");
  await rondo.program.expectExit(0);
  writeFileSync(join(dataDir, "secrets.json"), "{");
  expect(await refusal({ RONDO_DATA_DIR: dataDir })).toMatch(/^rondo: \S+secrets\.json is damaged: [^\n]+\n$/);
  expect(existsSync(join(dataDir, "postgresql/cluster/PG_VERSION"))).toBe(true);
  expect(existsSync(join(dataDir, "postgresql/cluster/postmaster.pid"))).toBe(false);
});

const sets = [apiMigrations, busMigrations, schedulerMigrations, auditMigrations];

test.each(sets)(
  "a schema $schema newer than the program by a contract step",
  async ({ schema, migrations }) => {
    await using database = await createTestDatabase({ schemas: sets });
    const { sql, url } = database;
    const next = { id: migrations.length + 1, name: "from the future", checksum: "unknown", contract: true };
    await sql`insert into ${sql(schema)}.migration ${sql(next)}`;
    expect(await refusal({ DATABASE_URL: url })).toMatch(
      new RegExp(
        `^rondo: The database schema "${schema}" is newer than this program: [^\\n]+ Start a newer version\\.\\n$`,
      ),
    );
  },
  30_000,
);

describeWith("mount", "a data folder", (unshare) => {
  const mounted = (dataDir: string, options: string, then = "true") => {
    const script = `mount -t tmpfs -o ${options} none "${dataDir}" && ${then} && exec "$0" "$@"`;
    return [unshare, "--mount", "sh", "-c", script];
  };

  test("on a disk that is full", async () => {
    const dataDir = temporaryFolder("full");
    expect(await refusal({ RONDO_DATA_DIR: dataDir }, mounted(dataDir, "size=12m,mode=755"))).toMatch(
      /^rondo: Cannot write to \S+: the disk is full\. [^\n]+\n$/,
    );
  });

  test("on a disk that is read-only", async () => {
    const dataDir = temporaryFolder("read-only");
    expect(await refusal({ RONDO_DATA_DIR: dataDir }, mounted(dataDir, "ro,mode=755"))).toMatch(
      /^rondo: Cannot write to \S+: it is on a read-only file system\. [^\n]+\n$/,
    );
  });

  test("for the secrets alone, on a disk that is read-only or full", async () => {
    await using database = await createTestDatabase();
    for (const [options, code] of [
      ["ro,mode=755", "EROFS"],
      ["nr_inodes=1,mode=755", "ENOSPC"],
      ["size=4k,mode=755", "ENOSPC"],
    ] as const) {
      const dataDir = temporaryFolder("secrets");
      const fill = options.startsWith("size") ? `head -c 4096 /dev/zero >"${dataDir}/filler"` : "true";
      const env = { DATABASE_URL: database.url, RONDO_DATA_DIR: dataDir };
      expect(await refusal(env, mounted(dataDir, options, fill))).toBe(
        `rondo: The data folder ${dataDir} cannot be written (${code}). Choose another one with RONDO_DATA_DIR.\n`,
      );
    }
  });
});
