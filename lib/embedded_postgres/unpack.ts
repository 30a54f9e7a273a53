import type { Packed } from "./packed.ts";

/** Writes the files of the archive into `folder`. Links and modes are the caller's work: a tar made by Bun has neither. */
export async function unpack({ file }: Packed, folder: string): Promise<void> {
  const tar = await Bun.zstdDecompress(await Bun.file(file).bytes());
  await new Bun.Archive(tar).extract(folder);
}
