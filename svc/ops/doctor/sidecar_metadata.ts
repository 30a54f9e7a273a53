import { within } from "@rondo/coordination";
import { type } from "arktype";
import { oneLine } from "../cli/table.ts";
import { type Finding, failure } from "./finding.ts";

/** Of Dapr's metadata API, what the doctor looks at; the types of DaprClient know less. */
const metadata = type({
  id: "string",
  runtimeVersion: "string = ''",
  components: type({ name: "string", type: "string" })
    .array()
    .default(() => []),
  subscriptions: type({
    pubsubname: "string",
    topic: "string",
    metadata: type("Record<string, string>").default(() => ({})),
    rules: type({ path: "string" })
      .array()
      .default(() => []),
    deadLetterTopic: "string = ''",
  })
    .array()
    .default(() => []),
});

export type SidecarMetadata = typeof metadata.infer;

const check = "sidecar metadata";

/** What the sidecar tells of itself, or why it does not. */
export async function askMetadata(
  url: string,
  token: string | undefined,
  timeoutMs: number,
): Promise<{ readonly metadata: SidecarMetadata } | { readonly finding: Finding }> {
  // Loaded only now: it takes longer than everything else that this program does.
  const { CommunicationProtocolEnum, DaprClient } = await import("@dapr/dapr");
  const { protocol, hostname, port } = new URL(url);
  const client = new DaprClient({
    daprHost: `${protocol}//${hostname}`,
    daprPort: port || (protocol === "https:" ? "443" : "80"),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    // Undefined would be read from the environment.
    daprApiToken: token ?? "",
  });
  // Otherwise its first call says on stdout that it waits, for a minute when the sidecar refuses it, and in the end not why it did.
  client.daprClient.setIsInitialized(true);
  try {
    const late = `it did not tell of itself within ${timeoutMs} ms`;
    const told = metadata(await within<unknown>(client.metadata.get(), timeoutMs, late));
    if (!(told instanceof type.errors)) return { metadata: told };
    const unknown = `it tells of itself what no daprd does: ${oneLine(told.summary)}`;
    return { finding: failure(check, unknown, "is this the HTTP port of a sidecar?") };
  } catch (error) {
    return { finding: refusal(error) };
  } finally {
    await client.stop();
  }
}

/** DaprClient's errors have the answer's status and text as JSON for their message. */
const answered = type("string.json.parse").to({ status: "number", error_msg: "string" });

function refusal(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const answer = answered(message);
  if (answer instanceof type.errors) return failure(check, oneLine(message), "does daprd hang? Its log may say why");
  const says = `it answers ${answer.status}: ${oneLine(answer.error_msg)}`;
  const wantsToken = answer.status === 401 || answer.status === 403;
  return failure(check, says, wantsToken ? "set DAPR_API_TOKEN to the sidecar's" : "its log may say why");
}
