import { runBun } from "./bootstrap.mjs";

await runBun("loadtest/bench.ts");
