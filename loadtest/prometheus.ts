/** How many events were acknowledged so far, and how many of them within so many seconds of their change: a bucket's bound. */
export async function acknowledgedWithin(
  admin: string,
  seconds: number,
): Promise<{ readonly within: number; readonly all: number }> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const read = (sample: string): number => {
    const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
    return line === undefined ? 0 : Number(line.slice(sample.length + 1));
  };
  const name = "rondo_outbox_delay_seconds";
  return {
    within: read(`${name}_bucket{le="${seconds}",schema="api"}`),
    all: read(`${name}_count{schema="api"}`),
  };
}
