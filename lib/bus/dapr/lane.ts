import { hashOf } from "../partition.ts";

/**
 * So many lanes for each topic. All keys of a lane are in one partition as long as the number of partitions divides this one (1, 2, 3, 4, 6, 12);
 * with a multiple of it, a lane has some partitions, and none of another lane.
 */
const lanes = 12;

/** The lane of a key, by the hash with which the sidecar's client (sarama) chooses partitions: FNV-1a as a signed number, its remainder made positive. */
export function laneOf(key: string): number {
  return Math.abs((hashOf(key) | 0) % lanes);
}
