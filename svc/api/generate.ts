import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { createIdentity } from "./identity/index.ts";
import { describeApps } from "./openapi.ts";

/** `bun svc/api/generate.ts` writes the interface's description anew. Nothing is connected for it. */
const databaseUrl = "postgres://nobody@localhost/nothing";
const origin = "http://localhost:3000";
const db = connect({ url: databaseUrl, name: "generate" });
const [clock, newId] = [() => new Date(), () => Bun.randomUUIDv7()];
const identity = createIdentity({
  db,
  databaseUrl,
  origin,
  secret: "for nothing, so that it is long enough",
  clock,
  newId,
});
const wakeRelay = () => undefined;
const app = createApp({ db, identity, clock, newId, wakeRelay, metrics: createMetrics(), origin });
await Bun.write(new URL("openapi.json", import.meta.url), `${JSON.stringify(await describeApps([app]), null, 2)}\n`);
process.exit(0);
