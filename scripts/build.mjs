import { runBun } from "./bootstrap.mjs";

await runBun("scripts/build.ts");
