import { describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { invocationFetch } from "./invocation.ts";
import { listen, nowhere, serve, sidecarTo } from "./transport.fixture.ts";
import { httpFetch, inProcessFetch } from "./transport.ts";
import type { Transport } from "./types.ts";

const ways: Record<string, (url: string) => Transport> = {
  HTTP: (url) => httpFetch({ api: url, audit: url }),
  invocation: (url) => invocationFetch({ sidecar: sidecarTo({ api: url, audit: url }) }),
};

describe.each(Object.entries(ways))("over %s", (_, way) => {
  const send = (url: string, path = "/x") => way(url)("api", new Request(`http://rondo.internal${path}`));

  test("nobody there is a problem `unavailable` that certainly had no effect", async () => {
    await expect(send(await nowhere())).rejects.toMatchObject({ kind: "unavailable", mayHaveArrived: false });
  });

  test("an error that the service answers is its answer", async () => {
    const service = serve(() => Response.json({ errorCode: "X" }, { status: 500, headers: { "x-request-id": "r" } }));
    expect((await send(service.url)).status).toBe(500);
  });

  test("a compressed answer arrives readable, without the headers of its encoded form", async () => {
    const gzip = () => new Response(Bun.gzipSync("hello"), { headers: { "content-encoding": "gzip" } });
    const response = await send(serve(gzip).url);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(await response.text()).toBe("hello");
  });

  test("a redirect is handed back, not followed", async () => {
    const service = serve(() => new Response(null, { status: 302, headers: { location: "/elsewhere" } }));
    expect((await send(service.url)).status).toBe(302);
    expect(service.bodies).toHaveLength(1);
  });

  test("the query arrives as it was written", async () => {
    const { url } = listen((request) => new Response(new URL(request.url).search));
    expect(await (await send(url, "/x?project=a%26b&due=%3C1")).text()).toBe("?project=a%26b&due=%3C1");
  });
});

test("an app of this process that throws is a problem `unavailable`", async () => {
  const broken = {
    fetch(): Response {
      throw new Error("defect");
    },
  };
  const failed = inProcessFetch({ api: broken, audit: broken })("audit", new Request("http://rondo.internal/"));
  expect(await failed.catch((error: unknown) => error)).toBeInstanceOf(Problem);
});

describe("invocation", () => {
  const answering = (...answers: (() => Response)[]) => {
    const { url } = serve(...answers);
    const asked: string[] = [];
    const sidecar = {
      request: (path: string, init?: RequestInit) => {
        asked.push(path);
        return fetch(new URL(path, url), init);
      },
    };
    return {
      asked,
      send: (path: string) =>
        invocationFetch({ sidecar, appIds: { api: "rondo-api" } })("api", new Request(`http://x${path}`)),
    };
  };
  const daprs = (status: number, message: string) => () =>
    Response.json({ errorCode: "ERR_DIRECT_INVOKE", message }, { status });

  test("a path that the sidecar would take for another one is not sent: it names nothing", async () => {
    const { send, asked } = answering(() => new Response("ok"));
    for (const path of ["/api/v1/tasks/..%2F..%2Fauth", "/a%3Fb", "/a%20b", "/a%25"]) {
      await expect(send(path)).rejects.toMatchObject({ kind: "not_found" });
    }
    await send("/api/v1/tasks?cursor=%2F");
    expect(asked).toEqual(["/v1.0/invoke/rondo-api/method/api/v1/tasks?cursor=%2F"]);
  });

  test("a call that the sidecars refuse is our mistake, and their words stay here", async () => {
    const denied = "access control policy has denied access to id: spiffe://public/ns/default/web operation: x";
    for (const refusal of [daprs(403, denied), () => new Response("invalid api token", { status: 401 })]) {
      const problem = await answering(refusal)
        .send("/x")
        .catch((error: unknown) => error);
      expect(problem).toMatchObject({ name: "Problem", kind: "internal" });
      expect(JSON.stringify(problem)).not.toMatch(/spiffe|token/);
    }
  });

  test("a refusal of the service itself is its answer", async () => {
    const own = () => Response.json({ type: "/problems/forbidden" }, { status: 403, headers: { "x-request-id": "r" } });
    expect((await answering(own).send("/x")).status).toBe(403);
  });

  test.each([
    ["connect: connection refused", false],
    ["app is not in a healthy state", false],
    ["couldn't find service: api", false],
    ["EOF", true],
  ])("a failure on the way (%s) may have been carried out: %p", async (message, mayHaveArrived) => {
    const { send } = answering(daprs(500, `failed to invoke, id: api, err: ${message}`));
    await expect(send("/x")).rejects.toMatchObject({ kind: "unavailable", mayHaveArrived });
  });
});
