import { dlopen, read } from "bun:ffi";
import { closeSync, openSync } from "node:fs";
import { EmbeddedError, fileFailure } from "./failure.ts";

/** An exclusive lock on a file, which every process that inherits the descriptor holds with us. */
export interface FileLock {
  readonly descriptor: number;
  /** Closes our descriptor; heirs hold the lock until they end. */
  release(): void;
}

const exclusive = 2;
const atOnce = 4;

/** flock(2): the kernel releases it however its holders end, and it counts in every container that has the file. */
const { library, errno, wouldBlock } =
  process.platform === "darwin"
    ? ({ library: "libSystem.B.dylib", errno: "__error", wouldBlock: 35 } as const)
    : ({ library: "libc.so.6", errno: "__errno_location", wouldBlock: 11 } as const);

/**
 * Locks the file, which is made when missing and never removed. `undefined`: others hold it.
 * @throws EmbeddedError when the file cannot be opened, or its file system has no locks
 */
export function lockFile(path: string): FileLock | undefined {
  const descriptor = open(path);
  const code = flock(descriptor);
  if (code === undefined) return { descriptor, release: () => closeSync(descriptor) };
  closeSync(descriptor);
  if (code === wouldBlock) return undefined;
  throw new EmbeddedError(
    `Cannot lock ${path}: its file system has no file locks (error ${code}). Choose another folder with RONDO_DATA_DIR.`,
  );
}

function open(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** The system's error number, or `undefined` when the lock is ours. */
function flock(descriptor: number): number | undefined {
  const { symbols, close } = dlopen(library, {
    flock: { args: ["int", "int"], returns: "int" },
    [errno]: { args: [], returns: "ptr" },
  });
  try {
    if (symbols.flock(descriptor, exclusive | atOnce) === 0) return undefined;
    const address = symbols[errno]?.();
    return typeof address === "number" && address !== 0 ? read.i32(address) : 0;
  } finally {
    close();
  }
}
