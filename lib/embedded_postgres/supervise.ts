import { type Launch, launch, runs, type Server } from "./postmaster.ts";

export interface Supervised {
  /** The server as it is now. */
  readonly server: Server;
  /** Looks no more; waits for a start that is under way. */
  end(): Promise<void>;
}

const lookMs = 100;

/**
 * Looks after a server that may not be our child: when it has ended it is started again on the same port, so that pools
 * find it where it was. Failing starts are repeated, ever more slowly.
 */
export function superviseServer(
  options: Launch,
  first: Server,
  onRestart: ((pid: number) => void) | undefined,
): Supervised {
  let server = first;
  let ending = false;
  let wake = (): void => undefined;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const look = async (): Promise<void> => {
    let waitMs = lookMs;
    for (;;) {
      await pause(waitMs);
      if (ending) return;
      if (runs(options.place, server)) continue;
      const next = await launch(options, server.port).catch(() => undefined);
      waitMs = next === undefined ? Math.min(waitMs * 2, 5_000) : lookMs;
      if (next === undefined) continue;
      server = next;
      onRestart?.(next.pid);
    }
  };
  const looking = look();
  return {
    get server() {
      return server;
    },
    async end() {
      ending = true;
      wake();
      await looking;
    },
  };
}
