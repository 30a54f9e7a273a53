import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { programOf, serveService } from "@rondo/service";
import { auditConfig } from "./config.ts";
import { auditManifest } from "./manifest.ts";
import { wireAudit } from "./wire.ts";

await runMain(programOf(auditManifest), auditConfig, process.env, process.argv.slice(2), (config) =>
  serveService(auditManifest, config, (platform) => wireAudit(platform, config)),
);
