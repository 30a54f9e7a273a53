import { busSemantics } from "@rondo/bus/semantics";
import { describeWith } from "@rondo/testing";
import { startDaprEngine } from "./dapr_engine.fixture.ts";

describeWith(["daprd", "kafka"], "with the real engine", () => {
  busSemantics("Kafka, through sidecars", { makeEngine: startDaprEngine, patienceMs: 30_000 });
});
