/** The sum of a counter over its labels, as a service's admin port tells it. */
export async function counterOf(admin: string, name: string): Promise<number> {
  const lines = (await metricsOf(admin)).matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Of a histogram, by the bound of each bucket in its own unit (the last is infinite): how many observations were at most so large. */
export type Buckets = ReadonlyMap<number, number>;

/** What a service's admin port tells of a histogram; it must have one series only. */
export async function bucketsOf(admin: string, name: string): Promise<Buckets> {
  const lines = (await metricsOf(admin)).matchAll(new RegExp(`^${name}_bucket\\{.*le="([^"]+)".*\\} (\\d+)`, "gm"));
  return new Map([...lines].map(([, bound, count]) => [Number(bound?.replace("+Inf", "Infinity")), Number(count)]));
}

/** Of what was observed between two looks: the share (0–1) that was at most `bound`, which is that of a bucket; `NaN` of nothing. */
export function shareWithin(bound: number, first: Buckets, last: Buckets): number {
  const between = (of: number) => (last.get(of) ?? 0) - (first.get(of) ?? 0);
  return between(bound) / between(Number.POSITIVE_INFINITY);
}

/** Of what was observed between two looks, within its bucket as if evenly spread (as Prometheus' histogram_quantile does); `NaN` of nothing. */
export function quantile(share: number, first: Buckets, last: Buckets): number {
  const counts = [...last].map(([bound, count]) => ({ bound, count: count - (first.get(bound) ?? 0) }));
  const observed = counts.at(-1)?.count ?? 0;
  if (observed === 0) return Number.NaN;
  const wanted = observed * share;
  let lower = { bound: 0, count: 0 };
  for (const bucket of counts) {
    if (bucket.count >= wanted)
      return lower.bound + ((wanted - lower.count) / (bucket.count - lower.count)) * (bucket.bound - lower.bound);
    lower = bucket;
  }
  return Number.POSITIVE_INFINITY;
}

async function metricsOf(admin: string): Promise<string> {
  return await (await fetch(`${admin}/metrics`)).text();
}
