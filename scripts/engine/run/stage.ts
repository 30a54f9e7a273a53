import type { EngineProcess } from "../process.ts";
import { type Supervised, type SuperviseOptions, supervise } from "./supervise.ts";

/** Parts of the engine that are ended together, also those that are only starting then. */
export interface Stage {
  /** Starts a part and keeps it running. @throws Error of its first start */
  add<Part extends EngineProcess>(options: SuperviseOptions<Part>): Promise<Part>;
}

/** @param stops what ends the stages: the latest first */
export function stage(stops: AsyncDisposableStack): Stage {
  const parts: Promise<Supervised<EngineProcess> | undefined>[] = [];
  stops.defer(async () => {
    await Promise.all(parts.map(async (part) => (await part)?.stop()));
  });
  return {
    async add(options) {
      const starting = supervise(options);
      parts.push(starting.catch(() => undefined));
      return (await starting).current;
    },
  };
}
