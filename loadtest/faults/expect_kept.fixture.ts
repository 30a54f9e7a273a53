import { expect } from "bun:test";
import { builtExecutables } from "@rondo/scripts/executables";
import { type DaprGround, type LocalGround, openDapr, openLocal } from "./ground.ts";
import { isKept, type Row } from "./row.ts";

const executables = () => builtExecutables(["api", "audit", "web", "sync", "ops"]);

export const localGround = async (): Promise<LocalGround> => openLocal(await executables());
export const daprGround = async (): Promise<DaprGround> => openDapr(await executables());

/** Nothing was lost, doubled or out of order. */
export function expectKept(row: Row): void {
  expect({ ...row, kept: isKept(row) }).toMatchObject({ kept: true });
}
