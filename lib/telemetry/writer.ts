import { writeSync } from "node:fs";

const mostBytes = 16 * 1024 * 1024;
const retryMs = 20;
const lastTries = 50;

export interface LineWriter {
  write(line: string): void;
  /** Writes what is pending before the process ends; a reader that does not keep up has a second for it. */
  close(): void;
}

/**
 * Gathers the lines of one turn of the event loop into one write. A reader that does not keep up costs at most 16 MiB, then the
 * lines that would not fit are lost; a reader that is gone costs nothing.
 */
export function createLineWriter(fd: number, writeTo: (fd: number, bytes: Buffer) => number = writeSync): LineWriter {
  let lines = "";
  let rest = Buffer.alloc(0);
  let scheduled = false;

  /** Answers whether everything is out. */
  function flush(): boolean {
    rest = Buffer.concat([rest, Buffer.from(lines)]);
    lines = "";
    try {
      while (rest.length > 0) rest = rest.subarray(writeTo(fd, rest));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EAGAIN") return false;
      rest = Buffer.alloc(0);
    }
    return true;
  }

  function flushSoon(): void {
    scheduled = !flush();
    if (scheduled) setTimeout(flushSoon, retryMs);
  }

  return {
    write(line) {
      if (rest.length + lines.length + line.length > mostBytes) return;
      lines += line;
      if (!scheduled) setImmediate(flushSoon);
      scheduled = true;
    },
    close() {
      for (let tries = 0; !flush() && tries < lastTries; tries += 1) Bun.sleepSync(retryMs);
    },
  };
}
