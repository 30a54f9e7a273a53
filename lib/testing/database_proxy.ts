import { connect as connectTo, createServer, type Socket } from "node:net";

export interface DatabaseProxy {
  /** Like the URL that was given, by way of the proxy. */
  readonly url: string;
  /** Ends every connection and each new one at once, as a host does whose server is gone. It keeps its port, which somebody else could take. */
  cut(): void;
  /** Keeps every connection open and passes nothing on: to each side the other one has fallen silent. */
  freeze(): void;
  /** As at first; frozen connections are ended. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** A TCP proxy before PostgreSQL, for tests of what happens when the database is out of reach. */
export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  let state: "open" | "cut" | "frozen" = "open";
  const server = createServer((inner) => {
    if (state === "cut") return void inner.destroy();
    const outer = connectTo(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    for (const [from, to] of [pair, [outer, inner] as const]) {
      from.on("data", (bytes) => void (state === "open" && to.write(bytes)));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        if (state !== "frozen") to.destroy();
        pairs.delete(pair);
      });
    }
  });
  const endAll = () => {
    for (const [inner, outer] of pairs) {
      inner.destroy();
      outer.destroy();
    }
    pairs.clear();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const proxied = new URL(url);
  proxied.hostname = "127.0.0.1";
  const port = typeof address === "object" && address !== null ? address.port : 0;
  proxied.port = String(port);
  return {
    url: proxied.href,
    cut: () => {
      state = "cut";
      endAll();
    },
    freeze: () => {
      state = "frozen";
    },
    heal: async () => {
      if (state === "frozen") endAll();
      state = "open";
    },
    close: async () => {
      server.close();
      endAll();
    },
  };
}
