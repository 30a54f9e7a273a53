import fc from "fast-check";
import type { Command } from "./commands/command.ts";
import { commands } from "./commands/index.ts";
import { comeToRest } from "./rest.ts";
import type { Stage } from "./stage.ts";
import { begin, type Consumer } from "./world.ts";

/** Which interleavings to try. */
export interface Search {
  readonly seed: number;
  /** Of a failure that was reported: only its interleaving is tried. */
  readonly path?: string;
  readonly replayPath?: string;
  readonly runs: number;
  /** Who consumes besides the audit trail; the tally unless told. */
  readonly consumer?: Consumer;
}

export interface Found {
  readonly interleavings: number;
  /** Commands that were carried out. */
  readonly steps: number;
  /** What broke, after which steps, and how to see it again; undefined when nothing did. */
  readonly breach: string | undefined;
}

const mostSteps = 60;
/** How long a failing interleaving is made shorter. */
const shorteningMs = 30_000;

/**
 * `seed`, or `seed/path/replayPath` as a breach names it; a new seed without.
 * @throws Error when it is neither
 */
export function readReplay(text: string | undefined): Pick<Search, "seed" | "path" | "replayPath"> {
  if (text === undefined) return { seed: crypto.getRandomValues(new Int32Array(1))[0] ?? 0 };
  const [, seed, path, replayPath] = /^(-?\d+)(?:\/([\d:]+)\/(.*))?$/.exec(text) ?? [];
  if (seed === undefined) throw new Error(`${text} is no seed and nothing that a failure named`);
  return { seed: Number(seed), ...(path && { path }), ...(replayPath && { replayPath }) };
}

/** Tries interleavings, each from its beginning until everything has come to rest, and makes one that fails shorter. */
export async function lookForBreach(stage: Stage, search: Search): Promise<Found> {
  const { seed, path, replayPath, runs, consumer } = search;
  let steps = 0;
  let enoughAt = Number.POSITIVE_INFINITY;
  const bounds = { maxCommands: mostSteps, size: "max", ...(replayPath && { replayPath }) } as const;
  const property = fc.asyncProperty(fc.commands([commands], bounds), async (interleaving) => {
    if (performance.now() > enoughAt) return;
    const { model, world } = await begin(stage, consumer);
    try {
      await fc.asyncModelRun(() => ({ model, real: world }), interleaving);
      await comeToRest(model, world);
      steps += world.steps;
    } catch (error) {
      enoughAt = Math.min(enoughAt, performance.now() + shorteningMs);
      throw error;
    } finally {
      await world.slow.end();
    }
  });
  const result = await fc.check(property, { seed, numRuns: runs, ...(path && { path }) });
  return { interleavings: result.numRuns, steps, breach: result.failed ? breachOf(result) : undefined };
}

function breachOf({ seed, counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[Iterable<Command>]>) {
  const [interleaving] = counterexample ?? [];
  const story = String(interleaving);
  const replayPath = /replayPath="([^"]*)"/.exec(story)?.[1] ?? "";
  const reason = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const steps = [...(interleaving ?? [])].map((step) => `  ${step}`).join("\n");
  return `${reason}\nafter\n${steps}\nagain: RONDO_MODEL_REPLAY='${seed}/${counterexamplePath}/${replayPath}'`;
}
