import { runBun } from "./bootstrap.mjs";

await runBun("svc/ops/main.ts");
