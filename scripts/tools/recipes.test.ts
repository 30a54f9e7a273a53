import { expect, test } from "bun:test";
import { dapr } from "./dapr.ts";
import { k6 } from "./k6.ts";
import { kafka } from "./kafka.ts";

test("Dapr is made anew when anything changes that it is made from", () => {
  const recipe = dapr.recipe();
  for (const line of [
    "go.mod\nmodule rondo/dapr",
    "go.sum\n",
    "cmd/daprd/components.go\npackage main",
    "cmd/daprd/main.go\n",
    "cmd/scheduler/main.go\n",
    "cmd/sentry/main.go\n",
  ])
    expect(recipe).toContain(line);
});

test("what is made says its version", () => {
  expect([dapr, kafka, k6].map((tool) => tool.title)).toEqual([
    expect.stringMatching(/ \d+\.\d+\.\d+$/),
    expect.stringMatching(/^Kafka \d+\.\d+\.\d+$/),
    expect.stringMatching(/^k6 \d+\.\d+\.\d+$/),
  ]);
  expect(kafka.recipe()).toContain("<artifactId>kafka_2.13</artifactId>");
});
