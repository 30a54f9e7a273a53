import { DatabaseStartError, errorCode } from "@rondo/db";

/** The embedded PostgreSQL cannot be used. The message is one clear line that says what to do. */
export class EmbeddedError extends DatabaseStartError {
  override readonly name = "EmbeddedError";
}

/** What a file operation on `path` failed with, as one clear line. */
export function fileFailure(path: string, error: unknown): EmbeddedError {
  if (error instanceof EmbeddedError) return error;
  const reasons: Record<string, string> = {
    EROFS: "it is on a read-only file system",
    EACCES: "permission denied",
    EPERM: "permission denied",
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    ENOTDIR: "a part of its path is not a folder",
    EEXIST: "a part of its path is not a folder",
  };
  const reason = reasons[errorCode(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));
  return new EmbeddedError(`Cannot write to ${path}: ${reason}. Choose another folder with RONDO_DATA_DIR.`, error);
}

/** What PostgreSQL's own output says about a failed start, as one clear line. */
export function outputFailure(what: string, folder: string, output: string): EmbeddedError {
  if (/No space left on device/i.test(output))
    return fileFailure(folder, Object.assign(new Error(), { code: "ENOSPC" }));
  if (/Read-only file system/i.test(output)) return fileFailure(folder, Object.assign(new Error(), { code: "EROFS" }));
  if (/Permission denied/i.test(output)) return fileFailure(folder, Object.assign(new Error(), { code: "EACCES" }));
  const lines = output.split("\n").map((line) => line.trim());
  const telling =
    lines.findLast((line) => /FATAL:|PANIC:|error:|error while loading/.test(line)) ?? lines.findLast(Boolean);
  return new EmbeddedError(`${what} in ${folder} failed: ${telling ?? "it said nothing"}`);
}
