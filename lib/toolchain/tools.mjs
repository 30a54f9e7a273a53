import { runBun } from "./bootstrap.mjs";

await runBun("lib/toolchain/tools.ts");
