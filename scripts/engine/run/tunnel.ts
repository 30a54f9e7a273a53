import type { ServerWebSocket, WebSocketHandler } from "bun";

/** A WebSocket of a browser and the one behind it; what is said before both ends are open waits. */
export interface Tunnel {
  readonly inside: WebSocket;
  outside: ServerWebSocket<Tunnel> | undefined;
  readonly waiting: (string | ArrayBuffer)[];
}

/** Headers of one handshake, which the next one makes itself. */
const ofHandshake = /^sec-websocket-(key|version|extensions|accept|protocol)$/;

/** Opens the inner half. Undefined when the service refuses: the same request, without the wish for a WebSocket, gets told why. */
export function openTunnel(target: URL, headers: Headers): Promise<Tunnel | undefined> {
  const passed = Object.fromEntries([...headers].filter(([name]) => !ofHandshake.test(name)));
  const protocols = headers.get("sec-websocket-protocol")?.split(/\s*,\s*/);
  // Bun's constructor takes headers; the type, which is the browser's, does not know.
  const options = { headers: passed, ...(protocols && { protocols }) };
  const inside: WebSocket = Reflect.construct(WebSocket, [target.href.replace(/^http/, "ws"), options]);
  inside.binaryType = "arraybuffer";
  const tunnel: Tunnel = { inside, outside: undefined, waiting: [] };
  inside.onmessage = ({ data }) => {
    if (tunnel.outside === undefined) tunnel.waiting.push(data);
    else tunnel.outside.send(data);
  };
  inside.onclose = ({ code, reason }) => tunnel.outside?.close(sayable(code), reason);
  return new Promise((resolve) => {
    inside.onopen = () => resolve(tunnel);
    inside.onerror = () => resolve(undefined);
  });
}

/** The outer half. */
export const tunnels: WebSocketHandler<Tunnel> = {
  idleTimeout: 0,
  open(outside) {
    const { data } = outside;
    data.outside = outside;
    for (const message of data.waiting.splice(0)) outside.send(message);
    if (data.inside.readyState !== WebSocket.OPEN) outside.close(1001);
  },
  message: ({ data: { inside } }, message) => {
    inside.send(message);
  },
  close: ({ data: { inside } }, code, reason) => inside.close(sayableByClient(code), reason),
};

/** Not every code may be said: some are for what nobody said (RFC 6455 section 7.4.1). */
const sayable = (code: number): number => ([1005, 1006, 1015].includes(code) ? 1001 : code);
/** Of those, a client says only these. */
const sayableByClient = (code: number): number => (code >= 3000 ? code : 1000);
