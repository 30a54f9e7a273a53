import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort, type Kafka, startKafka } from "@rondo/scripts/engine";
import { toolPath } from "@rondo/scripts/tools";
import { describeWith, temporaryFolder } from "@rondo/testing";
import { ops } from "../kafka.fixture.ts";

const password = "correct-horse-battery";
const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required username="rondo" password="${password}"`;

async function run(folder: string, ...command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { cwd: folder, stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const [output, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${output}${complaint}`);
  return output;
}

/** A broker that only speaks TLS, under a certificate of nobody known, to who has proved who they are. */
async function startSecured(folder: string): Promise<Kafka> {
  const store = ["-keystore", join(folder, "store.p12"), "-storetype", "PKCS12", "-storepass", password];
  const subject = [
    "-alias",
    "kafka",
    "-dname",
    "CN=kafka",
    "-ext",
    "san=ip:127.0.0.1",
    "-ext",
    "bc:c",
    "-keyalg",
    "EC",
  ];
  await run(folder, "keytool", "-genkeypair", ...subject, ...store);
  await Bun.write(
    join(folder, "ca.pem"),
    await run(folder, "keytool", "-exportcert", "-rfc", "-alias", "kafka", ...store),
  );
  const kafka = await startKafka({
    folder,
    port: freePort(),
    settings: {
      "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL",
      "inter.broker.listener.name": "PLAINTEXT",
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      "sasl.mechanism.inter.broker.protocol": "PLAIN",
      "listener.name.plaintext.plain.sasl.jaas.config": `${plainLogin} user_rondo="${password}";`,
      "listener.name.plaintext.scram-sha-256.sasl.jaas.config": scramModule,
      "listener.name.plaintext.scram-sha-512.sasl.jaas.config": scramModule,
      "ssl.keystore.type": "PKCS12",
      "ssl.keystore.location": join(folder, "store.p12"),
      "ssl.keystore.password": password,
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": join(folder, "ca.pem"),
    },
  });
  await addScram(folder, kafka.brokers);
  return kafka;
}

const scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule required;";

async function addScram(folder: string, brokers: string): Promise<void> {
  const login = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "sasl.jaas.config": `${plainLogin};`,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": join(folder, "ca.pem"),
  };
  const lines = Object.entries(login).map(([name, value]) => `${name}=${value}\n`);
  await Bun.write(join(folder, "admin.properties"), lines.join(""));
  const java = ["java", "-cp", `${toolPath("kafka")}/*`, "kafka.admin.ConfigCommand", "--bootstrap-server", brokers];
  for (const mechanism of ["SCRAM-SHA-256", "SCRAM-SHA-512"]) {
    const secret = `${mechanism}=[password=${password}]`;
    const change = ["--alter", "--entity-type", "users", "--entity-name", "rondo", "--add-config", secret];
    await run(folder, ...java, "--command-config", join(folder, "admin.properties"), ...change);
  }
}

describeWith("kafka", "a Kafka behind TLS and a login", () => {
  let kafka: Kafka;
  let environment: Record<string, string>;
  beforeAll(async () => {
    const folder = join(temporaryFolder("secured"), "kafka");
    mkdirSync(folder, { mode: 0o700 });
    kafka = await startSecured(folder);
    environment = {
      RONDO_KAFKA_BROKERS: kafka.brokers,
      RONDO_KAFKA_TLS: "true",
      RONDO_KAFKA_CA_FILE: join(folder, "ca.pem"),
      RONDO_KAFKA_AUTH: "scram-sha-512",
      RONDO_KAFKA_USERNAME: "rondo",
      RONDO_KAFKA_PASSWORD: password,
    };
  });
  afterAll(() => kafka?.stop());

  test.each(["scram-sha-512", "scram-sha-256", "plain"])(
    "%s over TLS opens it",
    async (auth) => {
      const { code, complaint } = await ops(`topics --kafka-auth=${auth}`, environment);
      expect({ code, complaint }).toEqual({ code: 0, complaint: "" });
      expect((await ops(`dead list --kafka-auth=${auth}`, environment)).output).toBe("no dead letters\n");
    },
    20_000,
  );

  test.each([
    ["a wrong password", { RONDO_KAFKA_PASSWORD: "wrong-donkey" }, /authentication/i],
    ["a certificate of nobody known", { RONDO_KAFKA_CA_FILE: "" }, /certificate/i],
    ["a login without TLS", { RONDO_KAFKA_TLS: "false", RONDO_KAFKA_CA_FILE: "" }, /cannot be reached/],
  ])(
    "%s is one line that names no secret",
    async (_, more, reason) => {
      const { code, output, complaint } = await ops("lag", { ...environment, ...more });
      expect({ code, output }).toEqual({ code: 1, output: "" });
      expect(complaint).toMatch(/^rondo-ops: Kafka cannot be reached at [^\n]*\n$/);
      expect(complaint).toMatch(reason);
      expect(complaint).not.toMatch(/wrong-donkey|correct-horse/);
    },
    20_000,
  );
});

test.each([
  [
    "a login without a password",
    { RONDO_KAFKA_AUTH: "plain", RONDO_KAFKA_USERNAME: "rondo" },
    "needs RONDO_KAFKA_USERNAME and RONDO_KAFKA_PASSWORD",
  ],
  [
    "certificates without TLS",
    { RONDO_KAFKA_CA_FILE: "/nowhere" },
    "RONDO_KAFKA_CA_FILE is of no use without RONDO_KAFKA_TLS=true",
  ],
  [
    "certificates that are not there",
    { RONDO_KAFKA_CA_FILE: "/nowhere", RONDO_KAFKA_TLS: "true" },
    "RONDO_KAFKA_CA_FILE cannot be read",
  ],
])("%s: refused before anything is sent", async (_, more, reason) => {
  const { code, complaint } = await ops("lag", { RONDO_KAFKA_BROKERS: "127.0.0.1:1", ...more });
  expect(code).toBe(2);
  expect(complaint).toContain(reason);
});
