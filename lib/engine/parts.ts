/** What an engine has opened for its program, to be started and stopped together. */
export interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Parts extends Part {
  add<P extends Part>(part: P): P;
  /** Throws until everything has started. */
  ready(): Promise<void>;
}

/** Parts start in the order in which they were added, and stop side by side, once. */
export function createParts(): Parts {
  const parts: Part[] = [];
  let started = false;
  let stopped: Promise<unknown> | undefined;
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async start() {
      for (const part of parts) await part.start();
      started = true;
    },
    async stop() {
      stopped ??= Promise.all(parts.map((part) => part.stop()));
      await stopped;
    },
    async ready() {
      if (!started) throw new Error("it has not started yet");
    },
  };
}
