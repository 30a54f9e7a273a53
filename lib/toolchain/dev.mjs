import { runBun } from "./bootstrap.mjs";

await runBun("--watch", "--preload", "./lib/toolchain/watched.ts", "svc/standalone/main.ts");
