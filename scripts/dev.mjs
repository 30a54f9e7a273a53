import { runBun } from "./bootstrap.mjs";

await runBun("--watch", "--preload", "./scripts/watched.ts", "svc/standalone/main.ts");
