import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";
import type { Tool } from "./tool.ts";

const pom = join(import.meta.dir, "../kafka/pom.xml");

/** A Kafka broker, as the folder of its jars. */
export const kafka: Tool = {
  name: "kafka",
  title: `Kafka ${/kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(readFileSync(pom, "utf8"))?.[1] ?? "unknown"}`,
  recipe: () => readFileSync(pom, "utf8"),
  needs: [
    { program: "java", get: "apt-get install default-jre-headless" },
    { program: "mvn", get: "apt-get install maven" },
  ],
  provides: { kafka: "jars" },
  make: async (folder, progress) => {
    let fetched = 0;
    const flags = ["--batch-mode", "--strict-checksums", "-Dstyle.color=never", `-DoutputDirectory=${folder}/jars`];
    await run(["mvn", ...flags, "--file", pom, "dependency:copy-dependencies"], {
      onLine: (line) => {
        if (/Downloaded from .*\.jar/.test(line)) fetched += 1;
        progress(`${fetched} jars fetched`);
      },
    });
  },
};
