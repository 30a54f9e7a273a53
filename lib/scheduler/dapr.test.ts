import { describeWith } from "@rondo/testing";
import { startDaprEngine } from "./dapr.fixture.ts";
import { schedulerSemantics } from "./semantics.ts";

describeWith(["daprd", "scheduler"], "Dapr's Jobs API", () => {
  schedulerSemantics("Dapr", { makeEngine: startDaprEngine, patienceMs: 40_000 });
});
