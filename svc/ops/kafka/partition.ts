import type { ICustomPartitioner } from "kafkajs";

/**
 * The partition of a key as the sidecars' client chooses it (sarama's NewHashPartitioner: FNV-1a 32 as a signed number,
 * its remainder made positive), so that what is published from here keeps its place behind the others of its key.
 */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return Math.abs((hash | 0) % partitions);
}

/** A record that says where it belongs goes there. */
export const bySidecarsHash: ICustomPartitioner =
  () =>
  ({ message: { key, partition }, partitionMetadata }) =>
    partition ?? partitionOfKey(Buffer.from(key ?? ""), partitionMetadata.length);
