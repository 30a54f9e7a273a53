import { runBun } from "./bootstrap.mjs";

await runBun("svc/standalone/smoke.ts");
