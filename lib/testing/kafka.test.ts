import { expect, test } from "bun:test";
import { describeWith, testKafka, waitFor } from "./index.ts";

describeWith("kafka", "the Kafka of a test process", () => {
  test("is started once, and again only after its end", async () => {
    const [kafka, same] = await Promise.all([testKafka(), testKafka()]);
    expect(same).toBe(kafka);
    await kafka.kill();
    const another = async () => ((await testKafka()) === kafka ? undefined : await testKafka());
    const next = await waitFor(another, { what: "another one" });
    expect(next.pid).not.toBe(kafka.pid);
    await next.stop();
  });
});
