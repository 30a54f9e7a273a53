import type { Manifest } from "@rondo/service/manifest";
import { services } from "../services.ts";
import { type Finding, failure, fine, summed, warning } from "./finding.ts";
import type { SidecarMetadata } from "./sidecar_metadata.ts";

type Subscription = SidecarMetadata["subscriptions"][number];

interface Needs {
  readonly components: readonly string[];
  readonly subscriptions: readonly { readonly pubsub: string; readonly topic: string }[];
}

/** The component that carries each delivery: the consumer group differs. */
const componentOf = { group: "events", broadcast: "broadcast" } as const;

/** What `charts/rondo/dapr` gives the sidecar of each service, by its app-id. */
export const needs: ReadonlyMap<string, Needs> = new Map(services.map((service) => [service.name, needsOf(service)]));

function needsOf({ publishes, consumes }: Manifest): Needs {
  const subscriptions = consumes.map(({ topic, delivery }) => ({ pubsub: componentOf[delivery], topic }));
  const publisher = Object.keys(publishes).length > 0 ? [componentOf.group] : [];
  return { components: [...new Set([...publisher, ...subscriptions.map(({ pubsub }) => pubsub)])], subscriptions };
}

/** Optional: a service may get its secrets from the environment. */
export const secretStore = "secrets";

/** The oldest daprd that Rondo is tested with, major and minor. */
export const leastVersion = [1, 18] as const;

const resources = "give its folder of resources the files of charts/rondo/dapr, and start it again";

/** Whether a sidecar has what the service needs for which it says it speaks. */
export function judgeSidecar(metadata: SidecarMetadata): readonly Finding[] {
  const needed = needs.get(metadata.id);
  if (needed === undefined) return [stranger(metadata.id), version(metadata)];
  return [
    fine("sidecar app-id", metadata.id),
    version(metadata),
    ...components(metadata, needed),
    ...subscriptions(metadata, needed),
  ];
}

function stranger(id: string): Finding {
  const says = `${JSON.stringify(id)} is none of ${[...needs.keys()].join(", ")}`;
  return failure("sidecar app-id", says, "start it with --app-id of the service beside it, or ask another sidecar");
}

function version({ runtimeVersion }: SidecarMetadata): Finding {
  const check = "sidecar version";
  const [least, says] = [leastVersion.join("."), `daprd ${runtimeVersion || "of no version"}`];
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(runtimeVersion) ?? [];
  if (major === undefined || minor === undefined)
    return warning(check, says, `a release of ${least} or later is what Rondo is tested with`);
  const newer = Number(major) - leastVersion[0] || Number(minor) - leastVersion[1];
  return newer < 0 ? warning(check, says, `Rondo is tested with ${least} and later: update Dapr`) : fine(check, says);
}

function components(metadata: SidecarMetadata, needed: Needs): readonly Finding[] {
  const check = "sidecar components";
  const loaded = new Set(metadata.components.map(({ name }) => name));
  const missing = needed.components.filter((name) => !loaded.has(name));
  const wrong: Finding[] = [];
  if (missing.length > 0) wrong.push(failure(check, `missing: ${missing.join(", ")}`, resources));
  if (!loaded.has(secretStore))
    wrong.push(
      warning(check, `missing: ${secretStore}`, `fine as long as RONDO_SECRET_STORE names none; else ${resources}`),
    );
  const told = metadata.components.map(({ name, type }) => `${name} (${type})`).sort();
  return summed(check, wrong, told.join(", "));
}

function subscriptions(metadata: SidecarMetadata, needed: Needs): readonly Finding[] {
  const check = "sidecar subscriptions";
  const wrong = needed.subscriptions.flatMap(({ pubsub, topic }) => {
    const found = metadata.subscriptions.find((each) => each.pubsubname === pubsub && each.topic === topic);
    return found === undefined
      ? [failure(check, `missing: ${topic} of ${pubsub}`, resources)]
      : differences(found).map((says) => failure(check, says, resources));
  });
  const told = needed.subscriptions.map(({ pubsub, topic }) => `${topic} of ${pubsub}`);
  return summed(check, wrong, told.join(", ") || "none needed");
}

/** What would lose events, or give them up without lib/bus knowing. */
function differences({ topic, metadata, rules, deadLetterTopic }: Subscription): readonly string[] {
  const paths = rules.map(({ path }) => path).join(", ");
  const found: string[] = [];
  if (paths !== `/events/${topic}`) found.push(`${topic} goes to ${paths || "no route"}, not to /events/${topic}`);
  if (metadata.rawPayload !== "true")
    found.push(`${topic} is without rawPayload: a malformed event can end the sidecar`);
  if (deadLetterTopic !== "")
    found.push(`${topic} gives events up to ${deadLetterTopic}: their reason and tries are lost`);
  return found;
}
