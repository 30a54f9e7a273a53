import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SidecarMetadata } from "./sidecar_metadata.ts";
import { judgeSidecar, leastVersion, needs, secretStore } from "./sidecar_needs.ts";

const root = join(import.meta.dir, "../../..");
const subscription = {
  pubsubname: "events",
  topic: "task-events",
  metadata: { rawPayload: "true" },
  rules: [{ path: "/events/task-events" }],
  deadLetterTopic: "",
};
const audit: SidecarMetadata = {
  id: "audit",
  runtimeVersion: "1.18.2",
  components: [
    { name: "events", type: "pubsub.kafka" },
    { name: secretStore, type: "secretstores.local.file" },
  ],
  subscriptions: [subscription],
};

/** What is not ok, as `check: says`. */
const wrong = (changes: Partial<SidecarMetadata>) =>
  judgeSidecar({ ...audit, ...changes })
    .filter(({ state, advice }) => {
      expect(advice === undefined).toBe(state === "ok");
      return state !== "ok";
    })
    .map(({ state, check, says }) => `${state} ${check}: ${says}`);

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly type?: string; readonly pubsubname?: string; readonly topic?: string };
  readonly scopes?: readonly string[];
}

test("what each sidecar needs is what the resource files give it", () => {
  const folder = join(root, "charts/rondo/dapr");
  const files = readdirSync(folder).map((name) => Bun.YAML.parse(readFileSync(join(folder, name), "utf8")) as Resource);
  for (const [id, { components, subscriptions }] of needs) {
    const own = files.filter(({ scopes }) => scopes === undefined || scopes.includes(id));
    const named = own.filter(({ kind }) => kind === "Component").map(({ metadata }) => metadata.name);
    expect(named.sort()).toEqual([...components, secretStore].sort());
    const heard = own
      .filter(({ kind }) => kind === "Subscription")
      .map(({ spec }) => `${spec.pubsubname} ${spec.topic}`);
    expect(heard).toEqual(subscriptions.map(({ pubsub, topic }) => `${pubsub} ${topic}`));
  }
  expect([...needs.keys()].sort()).toEqual(["api", "audit", "sync", "web"]);
});

test("the version that is asked for is the one that is pinned", () => {
  const pinned = readFileSync(join(root, "scripts/dapr/go.mod"), "utf8");
  expect(pinned).toContain(`github.com/dapr/dapr v${leastVersion.join(".")}.`);
});

test("a sidecar that has all of it is well, and says what it has", () => {
  expect(judgeSidecar(audit)).toEqual([
    { check: "sidecar app-id", state: "ok", says: "audit" },
    { check: "sidecar version", state: "ok", says: "daprd 1.18.2" },
    { check: "sidecar components", state: "ok", says: "events (pubsub.kafka), secrets (secretstores.local.file)" },
    { check: "sidecar subscriptions", state: "ok", says: "task-events of events" },
  ]);
  expect(wrong({ id: "web", subscriptions: [] })).toEqual([]);
});

test.each([
  ["another service", { id: "constructor" }, 'fail sidecar app-id: "constructor" is none of api, audit, web, sync'],
  ["an older release", { runtimeVersion: "1.17.9" }, "warn sidecar version: daprd 1.17.9"],
  ["an old major release", { runtimeVersion: "0.99.0" }, "warn sidecar version: daprd 0.99.0"],
  ["no release", { runtimeVersion: "edge" }, "warn sidecar version: daprd edge"],
  ["no version", { runtimeVersion: "" }, "warn sidecar version: daprd of no version"],
])("%s is noticed", (_, changes, line) => {
  expect(wrong(changes)).toEqual([line]);
});

test.each(["1.18.0", "v1.20.3", "2.0.0-rc.1"])("%s is new enough", (runtimeVersion) => {
  expect(wrong({ runtimeVersion })).toEqual([]);
});

test("what is not loaded is missing; a secret store may be", () => {
  expect(wrong({ components: [], subscriptions: [] })).toEqual([
    "fail sidecar components: missing: events",
    "warn sidecar components: missing: secrets",
    "fail sidecar subscriptions: missing: task-events of events",
  ]);
  expect(wrong({ id: "sync" })).toEqual([
    "fail sidecar components: missing: broadcast",
    "fail sidecar subscriptions: missing: task-updates of broadcast",
  ]);
});

test.each([
  ["another route", { rules: [{ path: "/other" }] }, "task-events goes to /other, not to /events/task-events"],
  ["no route", { rules: [] }, "task-events goes to no route, not to /events/task-events"],
  ["parsed events", { metadata: {} }, "task-events is without rawPayload: a malformed event can end the sidecar"],
  [
    "Dapr's dead letters",
    { deadLetterTopic: "dead" },
    "task-events gives events up to dead: their reason and tries are lost",
  ],
])("a subscription with %s is refused", (_, changes, says) => {
  expect(wrong({ subscriptions: [{ ...subscription, ...changes }] })).toEqual([`fail sidecar subscriptions: ${says}`]);
});
