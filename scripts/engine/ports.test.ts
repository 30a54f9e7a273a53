import { expect, test } from "bun:test";
import { temporaryFolder } from "@rondo/testing";
import { freePort, isFree, portsIn } from "./ports.ts";

const occupy = (port: number) => Bun.listen({ hostname: "127.0.0.1", port, socket: { data: () => undefined } });

test("free ports are free, below those of outgoing connections, and never given twice", () => {
  const ports = Array.from({ length: 50 }, freePort);
  expect(new Set(ports).size).toBe(50);
  for (const port of ports)
    expect({ port, free: isFree(port), low: port < 32_768 }).toEqual({ port, free: true, low: true });
});

test("a later start in the same folder has the same ports, except those that are taken by now", () => {
  const folder = temporaryFolder("ports");
  const before = portsIn(folder, ["api", "health"]);
  expect(portsIn(folder, ["api", "health"])).toEqual(before);
  using _ = {
    [Symbol.dispose]: (
      (server) => () =>
        server.stop(true)
    )(occupy(before.api)),
  };
  const after = portsIn(folder, ["api", "health"]);
  expect(after.health).toBe(before.health);
  expect(after.api).not.toBe(before.api);
});

test("a port that is asked for is taken as it is", () => {
  const folder = temporaryFolder("ports");
  const port = freePort();
  expect(portsIn(folder, ["api"], { api: port })).toEqual({ api: port });
});
