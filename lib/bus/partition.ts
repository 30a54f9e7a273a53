export const partitionsPerTopic = 3;

/** The partition of a key: FNV-1a (32 bit) over its UTF-8 bytes, so that a key always goes to the same one. */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partitionsPerTopic;
}
