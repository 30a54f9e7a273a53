import { runBun } from "./bootstrap.mjs";

await runBun("--watch", "svc/standalone/main.ts");
