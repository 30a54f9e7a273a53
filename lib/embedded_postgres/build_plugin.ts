import type { BunPlugin } from "bun";
import { packPostgres } from "./pack.ts";

/**
 * For `Bun.build({ compile: … })` of a program that starts PostgreSQL itself: puts the server into the executable, from
 * where the first start unpacks it into the data folder. `cacheFolder` keeps the archive from one build to the next.
 */
export function embedPostgres(cacheFolder: string): BunPlugin {
  return {
    name: "embedded-postgres",
    setup(build) {
      build.onLoad({ filter: /[/\\]embedded_postgres[/\\]packed\.ts$/ }, async () => {
        const { file, version, hash } = await packPostgres(cacheFolder);
        const contents = [
          `import file from ${JSON.stringify(file)} with { type: "file" };`,
          `export const packed = { file, version: ${JSON.stringify(version)}, hash: ${JSON.stringify(hash)} };`,
        ];
        return { contents: contents.join("\n"), loader: "ts" };
      });
    },
  };
}
