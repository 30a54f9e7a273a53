import { runBun } from "./bootstrap.mjs";

await runBun("svc/standalone/testing/smoke.ts");
