import { test } from "bun:test";
import { expectTableCurrent } from "@rondo/config";
import { apiConfig } from "./config.ts";

test("the README's table of variables is the one that the program reads", async () => {
  await expectTableCurrent(new URL("README.md", import.meta.url), apiConfig);
});
