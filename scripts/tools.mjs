import { runBun } from "./bootstrap.mjs";

await runBun("scripts/tools.ts");
