import { runBun } from "./bootstrap.mjs";

await runBun("loadtest/faults/main.ts");
