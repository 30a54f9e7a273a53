import { afterEach, expect, test } from "bun:test";
import { createServer } from "node:net";
import { createSidecar, SidecarAway } from "./index.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function sidecarThat(answer: (request: Request) => Response | Promise<Response>, token?: string) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  closers.push(() => server.stop(true));
  return createSidecar({ url: `http://127.0.0.1:${server.port}/`, token });
}

test("a request carries the token, and its own method, headers and body", async () => {
  const sidecar = sidecarThat(async (request) => {
    const { method, headers, url } = request;
    const shown = [headers.get("dapr-api-token"), headers.get("x-own")];
    return Response.json([method, new URL(url).pathname, ...shown, await request.text()]);
  }, "secret");
  const answer = await sidecar.request("/v1.0/a", { method: "POST", headers: { "x-own": "1" }, body: "b" });
  expect(await answer.json()).toEqual(["POST", "/v1.0/a", "secret", "1", "b"]);
});

test("without a token none is shown", async () => {
  const sidecar = sidecarThat((request) => Response.json(request.headers.has("dapr-api-token")));
  expect(await (await sidecar.request("/")).json()).toBe(false);
});

test("an answer of any status is an answer", async () => {
  const sidecar = sidecarThat(() => new Response("no", { status: 500 }));
  const answer = await sidecar.request("/");
  expect([answer.status, await answer.text()]).toEqual([500, "no"]);
  expect((await sidecarThat(() => new Response(null, { status: 204 })).request("/")).status).toBe(204);
});

test("a redirect is not followed: the token is for the sidecar alone", async () => {
  const sidecar = sidecarThat(() => Response.redirect("http://127.0.0.1:9/", 302), "secret");
  expect((await sidecar.request("/")).status).toBe(302);
});

test("no sidecar, a silent one, and one that falls silent in mid-answer are away", async () => {
  const gone = sidecarThat(() => new Response());
  closers.splice(0).forEach((close) => void close());
  await expect(gone.request("/")).rejects.toBeInstanceOf(SidecarAway);
  const never = new Promise<Response>(() => undefined);
  await expect(sidecarThat(() => never).request("/", { timeoutMs: 50 })).rejects.toThrow("within 50 ms");
  const half = createServer((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab"));
  await new Promise<void>((resolve) => half.listen(0, "127.0.0.1", resolve));
  closers.push(() => half.close());
  const address = half.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const sidecar = createSidecar({ url: `http://127.0.0.1:${port}` });
  await expect(sidecar.request("/", { timeoutMs: 50 })).rejects.toBeInstanceOf(SidecarAway);
});

test("the caller's own abort is told as such", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(sidecarThat(() => new Response()).request("/", { signal })).rejects.toThrow("enough");
});

test("outbound tells a sidecar that is ready from one that is not", async () => {
  const paths: string[] = [];
  const answering = (status: number) =>
    sidecarThat(({ url }) => {
      paths.push(new URL(url).pathname);
      return new Response(null, { status });
    });
  await answering(204).outbound();
  await expect(answering(500).outbound()).rejects.toThrow("it answers 500");
  expect(paths).toEqual(["/v1.0/healthz/outbound", "/v1.0/healthz/outbound"]);
});

test("secrets are read one by name, or all of a store", async () => {
  const sidecar = sidecarThat(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/v1.0/secrets/store/bulk") return Response.json({ one: { A: "1" }, two: { B: "2", C: "3" } });
    if (pathname === "/v1.0/secrets/store/one") return Response.json({ A: "1" });
    return Response.json({ errorCode: "ERR_SECRET_GET", message: "its value is hunter2" }, { status: 500 });
  });
  expect(await sidecar.secrets("store")).toEqual({ A: "1", B: "2", C: "3" });
  expect(await sidecar.secrets("store", "one")).toEqual({ A: "1" });
  await expect(sidecar.secrets("store", "other")).rejects.toThrow(
    /^the secret other of the store store cannot be read: the sidecar answers 500 \(ERR_SECRET_GET\)$/,
  );
});

test.each([
  ["nothing", () => new Response(null, { status: 204 }), "is empty"],
  ["no object", () => Response.json(["a"]), "something else"],
  ["numbers", () => Response.json({ one: { A: 1 } }), "something else"],
  ["no JSON", () => new Response("hello"), "something else"],
])("a store that answers with %s is refused", async (_, answer, why) => {
  await expect(sidecarThat(answer).secrets("store")).rejects.toThrow(why);
});
