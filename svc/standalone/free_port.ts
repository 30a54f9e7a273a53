import { createServer } from "node:net";

/**
 * A port that nobody listens on just now. The site's origin, and with it the names of its cookies and the issuer of its tokens, is
 * settled before anything is served, so port 0 cannot be left to the server.
 */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
