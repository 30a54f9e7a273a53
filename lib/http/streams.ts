/** The open streams of a process (SSE, WebSocket), so that a drain can end them: they would never end by themselves. */
export interface Streams {
  /** Registers how to close a stream; answers how to forget it once it closed by itself. */
  add(close: () => void): () => void;
  readonly size: number;
  /**
   * Closes all, and any that is added later at once.
   * @throws AggregateError when some could not be closed; the others are
   */
  closeAll(): void;
}

export function createStreams(): Streams {
  const open = new Set<() => void>();
  let closing = false;
  return {
    add(close) {
      // An entry of its own, so that one function may stand for several streams.
      const entry = () => close();
      if (closing) queueMicrotask(entry);
      else open.add(entry);
      return () => {
        open.delete(entry);
      };
    },
    get size() {
      return open.size;
    },
    closeAll() {
      closing = true;
      const errors: unknown[] = [];
      for (const close of open) {
        try {
          close();
        } catch (error) {
          errors.push(error);
        }
      }
      open.clear();
      if (errors.length > 0) throw new AggregateError(errors, `${errors.length} streams could not be closed`);
    },
  };
}
