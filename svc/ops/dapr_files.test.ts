import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import type { Manifest } from "@rondo/service/manifest";
import { services } from "./services.ts";

const folder = join(import.meta.dir, "../../charts/rondo/dapr");
const read = <T>(file: string): T => Bun.YAML.parse(readFileSync(join(folder, file), "utf8")) as T;

interface Configuration {
  readonly spec: { readonly accessControl: { readonly policies: readonly Policy[] } };
}
interface Policy {
  readonly appId: string;
  readonly operations: readonly {
    readonly name: string;
    readonly httpVerb: readonly string[];
    readonly action: string;
  }[];
}
interface Component {
  readonly spec: { readonly metadata: readonly { readonly name: string; readonly value?: string }[] };
  readonly scopes: readonly string[];
}
interface Subscription {
  readonly spec: { readonly topic: string; readonly pubsubname: string; readonly routes: { readonly default: string } };
  readonly scopes: readonly string[];
}
interface Resiliency {
  readonly spec: { readonly targets: { readonly apps: Readonly<Record<string, unknown>> } };
}

const consumes = (delivery: "group" | "broadcast") => (service: Manifest) =>
  service.consumes.some((one) => one.delivery === delivery);
const names = (chosen: readonly Manifest[]) => chosen.map(({ name }) => name).sort();

test("who may call whom in a cluster is what the manifests say", () => {
  const { policies } = read<Configuration>("configuration.yaml").spec.accessControl;
  const allowed = policies.map(({ appId, operations }) => [
    appId,
    operations.map(({ name, httpVerb, action }) => `${action} ${httpVerb.join()} ${name}`),
  ]);
  const stated = services
    .map(({ name, calls }) => [name, Object.values(calls).flat()] as const)
    .filter(([, calls]) => calls.length > 0)
    .map(([name, calls]) => [name, [...new Set(calls.map(({ method, path }) => `allow ${method} ${path}`))]]);
  expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(stated));
});

test("calls go to services that exist, and none of theirs is repeated by the sidecar", () => {
  const called = [...new Set(services.flatMap(({ calls }) => Object.keys(calls)))].sort();
  expect(names(services)).toEqual(expect.arrayContaining(called));
  expect(names(services.filter(({ called }) => called))).toEqual(called);
  expect(Object.keys(read<Resiliency>("resiliency.yaml").spec.targets.apps).sort()).toEqual(called);
});

test("each topic that a service consumes has its subscription, and no other", () => {
  const files = readdirSync(folder)
    .map((file) => ({ kind: "", ...read<Partial<Subscription>>(file) }))
    .filter((file): file is Subscription & { kind: string } => file.kind === "Subscription");
  const found = files.map(
    ({ spec, scopes }) => `${scopes.join()} ${spec.pubsubname} ${spec.topic} ${spec.routes.default}`,
  );
  const stated = services.flatMap(({ name, consumes }) =>
    consumes.map(({ topic, delivery }) => {
      const component = delivery === "group" ? "events" : "broadcast";
      return `${name} ${component} ${topic} /events/${topic}`;
    }),
  );
  expect(found.sort()).toEqual(stated.sort());
});

test("a service reaches the components that its manifest takes, and publishes only what it says", () => {
  const [events, broadcast] = [read<Component>("events.yaml"), read<Component>("broadcast.yaml")];
  const publishers = services.filter(({ publishes }) => Object.keys(publishes).length > 0);
  expect([...events.scopes].sort()).toEqual(names([...publishers, ...services.filter(consumes("group"))]));
  expect([...broadcast.scopes].sort()).toEqual(names(services.filter(consumes("broadcast"))));
  const scoped = events.spec.metadata.find(({ name }) => name === "publishingScopes")?.value;
  // Who only consumes publishes nothing but its dead letters.
  const onlyDeadLetters = services
    .filter((service) => consumes("group")(service) && !publishers.includes(service))
    .map(({ name, consumes }) => {
      const topics = consumes.filter(({ delivery }) => delivery === "group").map(({ topic }) => deadTopicOf(topic));
      return `${name}=${topics.join()}`;
    });
  expect(scoped).toBe(onlyDeadLetters.join(";"));
});
