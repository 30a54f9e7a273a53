import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { programOf, serveService } from "@rondo/service";
import { syncConfig } from "./config.ts";
import { syncManifest } from "./manifest.ts";
import { wireSync } from "./wire.ts";

await runMain(programOf(syncManifest), syncConfig, process.env, process.argv.slice(2), (config) =>
  serveService(syncManifest, config, (platform) => wireSync(platform, config)),
);
