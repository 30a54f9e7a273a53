import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { programOf, serveService } from "@rondo/service";
import { webConfig } from "./config.ts";
import { webManifest } from "./manifest.ts";
import { wireWeb } from "./wire.ts";

await runMain(programOf(webManifest), webConfig, process.env, process.argv.slice(2), (config) =>
  serveService(webManifest, config, wireWeb),
);
