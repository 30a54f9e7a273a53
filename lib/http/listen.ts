/** A port that could not be listened on: one line for people, to be printed as it is. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** @throws ListenError when the port is taken or not allowed, or the address is not of this machine */
export function listen<Listening>(host: string, port: number, start: () => Listening): Listening {
  try {
    return start();
  } catch (cause) {
    throw new ListenError(reason(host, port, cause), { cause });
  }
}

function reason(host: string, port: number, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const where = `${host}:${port}`;
  if (code === "EADDRINUSE") return `${where} is in use by another program. Stop it, or choose another port.`;
  if (code === "EACCES") return `${where} may not be used by this user. Choose a port above 1023.`;
  if (code === "EADDRNOTAVAIL") return `${host} is not an address of this machine.`;
  return `${where} cannot be listened on: ${cause instanceof Error ? cause.message : String(cause)}`;
}
