export interface Asked {
  readonly answered: number;
  /** 5xx, and connections that failed. */
  readonly failed: number;
}

export interface Asking {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<Asked>;
}

/** Four clients that ask one time after the other, so often in a second all together. */
export function startAsking(ask: () => Promise<Response>, perSecond: number): Asking {
  const clients = 4;
  const everyMs = (clients / perSecond) * 1_000;
  let [answered, failed, stopped] = [0, 0, false];
  const client = async (): Promise<void> => {
    while (!stopped) {
      const next = performance.now() + everyMs;
      if (await isAnswered(ask)) answered += 1;
      else failed += 1;
      await Bun.sleep(Math.max(0, next - performance.now()));
    }
  };
  const asking = Promise.all(Array.from({ length: clients }, client));
  return {
    async stop() {
      stopped = true;
      await asking;
      return { answered, failed };
    },
  };
}

async function isAnswered(ask: () => Promise<Response>): Promise<boolean> {
  try {
    const answer = await ask();
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
