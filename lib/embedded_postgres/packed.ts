/** PostgreSQL inside a compiled executable: see build_plugin.ts, which puts the real value here at build time. */
export interface Packed {
  /** Path of the zstd-compressed tar, readable with `Bun.file`. */
  readonly file: string;
  /** Of the npm package: `18.4.0-beta.17`. */
  readonly version: string;
  /** First digits of the archive's SHA-256. */
  readonly hash: string;
}

export const packed: Packed | undefined = undefined;
