import { runBun } from "./bootstrap.mjs";

await runBun("scripts/engine/run/main.ts");
