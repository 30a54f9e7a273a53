import { runBun } from "./bootstrap.mjs";

await runBun("lib/toolchain/build.ts");
