import { readBytes } from "../content.ts";
import type { Incoming } from "../take_batch.ts";
import type { Entry } from "./envelope.ts";

/** A record on its way through a group. */
export interface Item extends Incoming {
  /** As it lies on the log: a record may have none. */
  readonly logKey: string | undefined;
  /** Of the record's bytes: the same offset of a topic that was made anew is another record. */
  readonly print: number | bigint;
  readonly bytes: Uint8Array;
  isSettled: boolean;
}

export function itemOf({ key, partition, bytes }: Entry, group: string): Item {
  return {
    key: key ?? "",
    logKey: key,
    partition,
    content: readBytes(bytes, group),
    text: () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
    print: Bun.hash(bytes),
    bytes,
    isSettled: false,
  };
}
