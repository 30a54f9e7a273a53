/** A cache that never grows past `capacity` (the least recently used goes first) and never answers anything older than its time. */
export interface BoundedCache<T> {
  get(key: string): T | undefined;
  /** `expiresAtMs` shortens the life of this one entry. */
  set(key: string, value: T, expiresAtMs?: number): void;
  delete(key: string): void;
  /** Forgets all that match: walks the whole cache, so it is for rare events such as a revocation. */
  deleteWhere(matches: (value: T) => boolean): void;
  readonly size: number;
}

/** `now` in epoch milliseconds. */
export function createBoundedCache<T>(options: {
  readonly capacity: number;
  readonly ttlMs: number;
  readonly now: () => number;
}): BoundedCache<T> {
  const { capacity, ttlMs, now } = options;
  // A Map keeps insertion order: re-inserting on every hit makes its first key the least recently used one.
  const entries = new Map<string, { readonly value: T; readonly expiresAtMs: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (entry.expiresAtMs <= now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, expiresAtMs = Number.POSITIVE_INFINITY) {
      entries.delete(key);
      entries.set(key, { value, expiresAtMs: Math.min(now() + ttlMs, expiresAtMs) });
      if (entries.size <= capacity) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    },
    delete(key) {
      entries.delete(key);
    },
    deleteWhere(matches) {
      for (const [key, entry] of entries) if (matches(entry.value)) entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
