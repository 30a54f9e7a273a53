import type { Service } from "@rondo/contract";
import { currentContext, currentTraceparent } from "@rondo/telemetry";
import { toProblem } from "./problems.ts";
import type { Transport } from "./types.ts";

export interface Call {
  readonly service?: Service | undefined;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
  readonly version?: number | undefined;
  readonly idempotency_key?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one call and answers what is 2xx. */
export type Send = (call: Call) => Promise<Response>;

/** `base`: the origin under which the services are seen; `headers` and `signal` go with every call. */
export function createSend(
  transport: Transport,
  base: string,
  headers: Call["headers"] = {},
  signal?: AbortSignal,
): Send {
  return async (call) => {
    const until = call.signal ?? signal;
    const request = new Request(new URL(call.path + queryString(call.query), base), {
      method: call.method ?? "GET",
      headers: headersOf(call, headers),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(until === undefined ? {} : { signal: until }),
    });
    const response = await transport(call.service ?? "api", request);
    if (!response.ok) throw await toProblem(response);
    return response;
  };
}

/** Lets the connection go back to its pool when nobody reads the answer. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

function headersOf(call: Call, common: Call["headers"]): Headers {
  const values: Call["headers"] = {
    accept: "application/json",
    "content-type": call.body === undefined ? undefined : "application/json",
    "x-request-id": currentContext().request_id,
    traceparent: currentTraceparent(),
    "if-match": call.version === undefined ? undefined : `"${call.version}"`,
    "idempotency-key": call.idempotency_key,
    ...common,
    ...call.headers,
  };
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Headers(present);
}

function queryString(query: object = {}): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(present.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
