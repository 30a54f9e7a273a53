/** A clock that stands still until it is told otherwise; pass it where `() => Date` is asked for. */
export interface FakeClock {
  (): Date;
  advance(ms: number): void;
  set(instant: string): void;
}

export function fakeClock(instant = "2026-01-31T08:00:00.000Z"): FakeClock {
  let now = Date.parse(instant);
  return Object.assign(() => new Date(now), {
    advance(ms: number) {
      now += ms;
    },
    set(to: string) {
      now = Date.parse(to);
    },
  });
}
