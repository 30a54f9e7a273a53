import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { checksumBytes, endOfRows } from "./format.ts";

/** The file is no whole backup. The message is one clear line. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

async function* contentOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const unzipped = createGunzip();
  file.on("error", (error) => unzipped.destroy(error));
  try {
    for await (const piece of file.pipe(unzipped)) yield piece;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupError(`${path} is no whole backup: ${reason}.`, { cause: error });
  } finally {
    file.destroy();
  }
}

/** Reads all of it. @throws BackupError when it was cut off or altered, or is something else */
export async function checkBackup(path: string): Promise<void> {
  const hash = createHash("sha256");
  let tail: Buffer = Buffer.alloc(0);
  for await (const piece of contentOf(path)) {
    const bytes = Buffer.concat([tail, piece]);
    const settled = Math.max(0, bytes.length - checksumBytes);
    hash.update(bytes.subarray(0, settled));
    tail = bytes.subarray(settled);
  }
  const [, expected] = /^sha256 ([0-9a-f]{64})\n$/.exec(tail.toString("latin1")) ?? [];
  if (expected === undefined) throw new BackupError(`${path} is no whole backup: it has no checksum at its end.`);
  if (hash.digest("hex") !== expected)
    throw new BackupError(`${path} was altered: its checksum does not fit its content.`);
}

/** The parts of a backup, in their order. */
export class BackupReader {
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #path: string;
  #ahead: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
    this.#pieces = contentOf(path);
  }

  /** One line of JSON. */
  async json(): Promise<unknown> {
    let end = this.#ahead.indexOf(10);
    while (end < 0) {
      await this.#more();
      end = this.#ahead.indexOf(10);
    }
    const line = this.#ahead.subarray(0, end).toString();
    this.#ahead = this.#ahead.subarray(end + 1);
    try {
      return JSON.parse(line);
    } catch (error) {
      throw new BackupError(`${this.#path} is no backup of Rondo.`, { cause: error });
    }
  }

  /** The rows of one table, in pieces, without the line that ends them. A backslash in a row is never alone, so no row looks like it. */
  async *rows(): AsyncGenerator<Buffer> {
    const inside = Buffer.concat([Buffer.from("\n"), endOfRows]);
    for (;;) {
      if (this.#ahead.subarray(0, endOfRows.length).equals(endOfRows)) {
        this.#ahead = this.#ahead.subarray(endOfRows.length);
        return;
      }
      const end = this.#ahead.indexOf(inside);
      // Up to the last line end: the line that ends the rows may be half here.
      const whole = (end >= 0 ? end : this.#ahead.lastIndexOf(10)) + 1;
      if (whole > 0) {
        yield this.#ahead.subarray(0, whole);
        this.#ahead = this.#ahead.subarray(whole);
      } else {
        await this.#more();
      }
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #more(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done === true) throw new BackupError(`${this.#path} is no whole backup: it ends too early.`);
    this.#ahead = Buffer.concat([this.#ahead, next.value]);
  }
}
