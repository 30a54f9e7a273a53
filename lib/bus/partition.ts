export const partitionsPerTopic = 3;

/** The partition of a key, always the same one. */
export function partitionOf(key: string): number {
  return (hashOf(key) >>> 0) % partitionsPerTopic;
}

/** FNV-1a (32 bit) over the UTF-8 bytes of a key. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
