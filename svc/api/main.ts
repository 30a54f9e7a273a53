import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { programOf, serveService } from "@rondo/service";
import { apiConfig } from "./config.ts";
import { apiManifest } from "./manifest.ts";
import { wireApi } from "./wire.ts";

await runMain(programOf(apiManifest), apiConfig, process.env, process.argv.slice(2), (config) =>
  serveService(apiManifest, config, (platform) => wireApi(platform, config)),
);
