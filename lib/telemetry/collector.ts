/** For tests: an OpenTelemetry collector that keeps what it is sent (OTLP/HTTP with JSON). */
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
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1/traces": {
        async POST(request) {
          requests.push(await request.json());
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
    stop: () => server.stop(true),
  };
}
