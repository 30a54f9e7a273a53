import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a new file, readable by its owner only, with the checksum of its content as the last line. It gets its name when it is
 * whole and on the disk; a failure leaves nothing.
 * @throws Error in one line when the file exists or cannot be written
 */
export async function writeBackup(path: string, content: AsyncIterable<Buffer | string>): Promise<Written> {
  const draft = `${path}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  let sha256 = "";
  async function* checked(): AsyncGenerator<Buffer> {
    const hash = createHash("sha256");
    for await (const piece of content) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      hash.update(bytes);
      yield bytes;
    }
    sha256 = hash.digest("hex");
    yield Buffer.from(`sha256 ${sha256}\n`);
  }
  try {
    const file = createWriteStream(draft, { flags: "wx", mode: 0o600 });
    await pipeline(Readable.from(checked()), createGzip({ level: 1 }), file);
    const bytes = await flush(draft);
    await link(draft, path);
    return { bytes, sha256 };
  } catch (error) {
    throw failure(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** A backup that a loss of power takes away was none. */
async function flush(path: string): Promise<number> {
  const file = await open(path, "r+");
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "it is there already",
  ENOENT: "its folder does not exist",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
};

function failure(path: string, error: unknown): unknown {
  const reason = error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
  return reason === undefined ? error : new Error(`Cannot write ${path}: ${reason}.`, { cause: error });
}
