import { readFileSync } from "node:fs";

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (line === undefined) throw new Error(`process ${pid} does not tell its memory`);
  return Number(line) / 1024;
}

/** The most that a process had while `work` ran, looked at twice a second. */
export async function peakMiB<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly peak: number }> {
  let peak = residentMiB(pid);
  const look = setInterval(() => {
    peak = Math.max(peak, residentMiB(pid));
  }, 500);
  try {
    const result = await work();
    return { result, peak: Math.max(peak, residentMiB(pid)) };
  } finally {
    clearInterval(look);
  }
}
