import { runBun } from "./bootstrap.mjs";

await runBun("lib/toolchain/engine/run/main.ts");
