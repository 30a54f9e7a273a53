/** The resources of a deployment, for a process of the suite: each of its groups has a component of its own, otherwise like the deployment's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Topic } from "@rondo/event";

interface Component {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly metadata: readonly { readonly name: string; readonly value?: string }[] };
}
interface Subscription {
  readonly spec: object;
}
interface Resiliency {
  readonly spec: {
    readonly policies: { readonly timeouts: Readonly<Record<string, string>> };
    readonly targets: { readonly components: Readonly<Record<string, object>> };
  };
}

const folder = join(import.meta.dir, "../../charts/rondo/dapr");
const read = <T>(name: string): T => Bun.YAML.parse(readFileSync(join(folder, name), "utf8")) as T;

/** Files by their names; the group's name is also that of its component. */
export function resourcesFor(
  appId: string,
  groups: readonly { readonly topic: Topic; readonly group: string }[],
  broadcasts: readonly Topic[],
  inboundTimeout?: string,
): Record<string, string> {
  const [events, subscription] = [read<Component>("events.yaml"), read<Subscription>("audit_task_events.yaml")];
  const [broadcast, hearing] = [read<Component>("broadcast.yaml"), read<Subscription>("sync_task_updates.yaml")];
  const resiliency = read<Resiliency>("resiliency.yaml");
  const files: Record<string, object> = { "broadcast.yaml": { ...broadcast, scopes: [appId] } };
  const components: Record<string, object> = { ...resiliency.spec.targets.components };
  const subscribe = (like: Subscription, pubsubname: string, topic: Topic) => {
    const spec = { ...like.spec, pubsubname, topic, routes: { default: `/events/${topic}` } };
    files[`${pubsubname}-${topic}.yaml`] = {
      ...like,
      metadata: { name: `${pubsubname}-${topic}` },
      spec,
      scopes: [appId],
    };
  };
  for (const { topic, group } of groups) {
    const metadata = events.spec.metadata
      .filter(({ name }) => name !== "publishingScopes")
      .map((entry) => (entry.name === "consumerGroup" ? { ...entry, value: group } : entry));
    files[`${group}.yaml`] = {
      ...events,
      metadata: { name: group },
      spec: { ...events.spec, metadata },
      scopes: [appId],
    };
    components[group] = components.events ?? {};
    subscribe(subscription, group, topic);
  }
  for (const topic of broadcasts) subscribe(hearing, "broadcast", topic);
  const { policies, targets } = resiliency.spec;
  const timeouts =
    inboundTimeout === undefined ? policies.timeouts : { ...policies.timeouts, delivery: inboundTimeout };
  const spec = { policies: { ...policies, timeouts }, targets: { ...targets, components } };
  files["resiliency.yaml"] = { ...resiliency, spec };
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, JSON.stringify(file)]));
}
