import type { DeadLetter } from "@rondo/bus";
import type { Finding } from "../doctor/finding.ts";

/** Where a group is in one partition of a topic. */
export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The position from which the group goes on; null when it never told. */
  readonly committed: number | null;
  readonly end: number;
  /** Kept events that the group has not settled yet. */
  readonly lag: number;
}

export interface GroupMember {
  readonly id: string;
  readonly client: string;
  readonly host: string;
}

export interface Group {
  readonly group: string;
  /** As Kafka calls it: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. The local engine knows the first two. */
  readonly state: string;
  readonly members: readonly GroupMember[];
  /** Those for which it has told where it is. */
  readonly topics: readonly string[];
  readonly lag: number;
}

/** An event that a group gave up; of a topic that this program may not know. */
export interface Letter extends Omit<DeadLetter, "topic"> {
  readonly topic: string;
  /** `unknown` when the engine put it aside without saying for whom. */
  readonly group: string;
}

/** By their ids, or by what they have in common. */
export type WhichLetters =
  | { readonly ids: readonly string[] }
  | { readonly topic: string | undefined; readonly group: string | undefined; readonly reason: string | undefined };

/** Some dead letters as they were found, and what can be done with them. */
export interface FoundLetters {
  /** Oldest first. */
  readonly letters: readonly Letter[];
  /** Ids of those that are no whole events: they can only be looked at and dropped. */
  readonly broken: ReadonlySet<string>;
  /** Gives these of them again to the group that gave them up; answers how many. */
  replay(letters: readonly Letter[]): Promise<number>;
  /** Forgets these of them; answers how many. */
  drop(letters: readonly Letter[]): Promise<number>;
}

/** What an operator asks of the engine that carries the events; the commands do not know which one it is. */
export interface EventEngine {
  /** Every group, by name. */
  groupNames(): Promise<readonly string[]>;
  groups(names: readonly string[]): Promise<readonly Group[]>;
  /** Forgets groups without members, and where they were. */
  deleteGroups(names: readonly string[]): Promise<void>;
  /** `topics` undefined: those that each group has told about. */
  lag(groups: readonly string[], topics: readonly string[] | undefined): Promise<readonly PartitionLag[]>;
  /** @throws UsageError for what cannot be an id */
  letters(which: WhichLetters): Promise<FoundLetters>;
  /** What the doctor has to say of it. */
  findings(): Promise<readonly Finding[]>;
}
