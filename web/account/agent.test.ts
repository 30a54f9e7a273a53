import { expect, test } from "bun:test";
import { sayAgent } from "./agent.ts";

test("a session is named by its browser", () => {
  expect(sayAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox on Linux");
  expect(sayAgent("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toBe(
    "Edge on Windows",
  );
  expect(sayAgent(null)).toBe("A browser");
});
