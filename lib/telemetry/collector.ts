/** For tests: an OpenTelemetry collector that keeps what it is sent (OTLP/HTTP). */
export interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

export function startCollector() {
  const requests: ExportRequest[] = [];
  let others = "";
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1/traces": {
        async POST(request) {
          if (request.headers.get("content-type") === "application/json") requests.push(await request.json());
          else others += Buffer.from(await request.arrayBuffer()).toString("hex");
          return Response.json({});
        },
      },
    },
  });
  const parts = () => requests.flatMap((request) => request.resourceSpans);
  return {
    url: server.url.origin,
    spans: () => parts().flatMap((part) => part.scopeSpans.flatMap((scope) => scope.spans)),
    services: () => [
      ...new Set(
        parts().flatMap(({ resource }) =>
          resource.attributes.filter(({ key }) => key === "service.name").map(({ value }) => value.stringValue),
        ),
      ),
    ],
    /** Whether this span came as Protocol Buffers, as sidecars send theirs: the fields 1 and 2 of opentelemetry.proto.trace.v1.Span. */
    heardOf: (traceId: string, spanId: string) => others.includes(`0a10${traceId}1208${spanId}`),
    stop: () => server.stop(true),
  };
}
