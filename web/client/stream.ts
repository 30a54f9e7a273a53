/** What changed, as the server signals it; never content. */
export interface Signal {
  readonly type: string;
  readonly id: string;
  readonly project_id: string | null;
  readonly version: number;
}

export type Heard =
  | { readonly kind: "changed"; readonly signal: Signal }
  | { readonly kind: "resync" }
  | { readonly kind: "state"; readonly online: boolean | "signed out" };

type Told = Heard & { readonly last?: string | undefined };

const longestPause = 30_000;
const firstPause = 500;

/**
 * One stream for all tabs of the browser (HTTP/1.1 allows six connections): the tab that holds the lock reads it and tells the others.
 * Where there are no locks (a page that is not in a secure context) each tab has its own.
 * @param cursor up to where the page is already complete
 */
export function openStream(cursor: string, hear: (heard: Heard) => void): void {
  let last = cursor;
  let close: (() => void) | undefined;

  const open = () => {
    const channel = new BroadcastChannel("rondo");
    const done = Promise.withResolvers<void>();
    const waiting = new AbortController();
    const take = (told: Told) => {
      last = told.last || last;
      hear(told);
    };
    channel.onmessage = ({ data }: MessageEvent<Told>) => take(data);
    const tell = (told: Told) => {
      take(told);
      channel.postMessage(told);
    };
    const lead = () => {
      const stop = readEvents(() => last, tell);
      return done.promise.finally(stop);
    };
    const led = navigator.locks ? navigator.locks.request("rondo-stream", { signal: waiting.signal }, lead) : lead();
    led.catch((error: unknown) => {
      if (!waiting.signal.aborted) throw error;
    });
    close = () => {
      waiting.abort();
      done.resolve();
      channel.close();
    };
  };

  open();
  // A page that is put aside (and may come back with Back) must not hold the stream, nor the lock.
  window.addEventListener("pagehide", () => close?.());
}

/** EventSource does not tell a lost session from a lost connection. */
async function tellWhy(url: string, tell: (told: Told) => void): Promise<void> {
  const answer = await fetch(url, { method: "HEAD" }).catch(() => undefined);
  if (answer?.status === 401) tell({ kind: "state", online: "signed out" });
}

/** Reads the stream for as long as it is wanted. EventSource comes back by itself, but not after an answer like 503. */
function readEvents(last: () => string, tell: (told: Told) => void): () => void {
  let source: EventSource;
  let failures = 0;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    source = new EventSource(`/sync/events?last=${encodeURIComponent(last())}`);
    source.onopen = () => {
      failures = 0;
      tell({ kind: "state", online: true });
    };
    source.onerror = () => {
      tell({ kind: "state", online: false });
      if (source.readyState !== EventSource.CLOSED) return;
      void tellWhy(source.url, tell);
      const wait = Math.min(longestPause, firstPause * 2 ** failures++);
      pause = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    };
    for (const name of ["task", "project"]) {
      source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) =>
        tell({ kind: "changed", signal: JSON.parse(data), last: lastEventId }),
      );
    }
    source.addEventListener("resync", ({ lastEventId }: MessageEvent<string>) =>
      tell({ kind: "resync", last: lastEventId }),
    );
  };

  connect();
  return () => {
    clearTimeout(pause);
    source.close();
  };
}
