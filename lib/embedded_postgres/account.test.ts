import { expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@rondo/testing";
import { blockedAt, parsePasswd } from "./account.ts";
import { defaultDataDir } from "./index.ts";

test("users are read from passwd(5)", () => {
  const users = parsePasswd(
    "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/nonexistent:/bin/false\n\n#bad\n",
  );
  expect(users.get("nobody")).toEqual({ uid: 65534, gid: 65533 });
  expect(users.size).toBe(2);
});

test("the first folder on the way that an account may not enter is found, by owner, group and others", () => {
  const closed = join(temporaryFolder("way"), "closed");
  const inner = join(closed, "inner");
  mkdirSync(inner, { recursive: true });
  const stranger = { uid: 65534, gid: 65534 };
  const group = { uid: 65534, gid: process.getgid?.() ?? 0 };
  const owner = { uid: process.getuid?.() ?? 0, gid: 65534 };
  chmodSync(closed, 0o711);
  expect(blockedAt(inner, stranger)).toBeUndefined();
  chmodSync(closed, 0o710);
  expect(blockedAt(inner, stranger)).toBe(closed);
  expect(blockedAt(inner, group)).toBeUndefined();
  chmodSync(closed, 0o700);
  expect(blockedAt(inner, group)).toBe(closed);
  expect(blockedAt(inner, owner)).toBeUndefined();
});

test("data goes to the XDG data home, to the home of a user, or to /var/lib for root", () => {
  expect(defaultDataDir({ XDG_DATA_HOME: "/data", HOME: "/home/a" }, 1000)).toBe("/data/rondo");
  expect(defaultDataDir({ XDG_DATA_HOME: "relative", HOME: "/home/a" }, 1000)).toBe("/home/a/.local/share/rondo");
  expect(defaultDataDir({ HOME: "/home/a" }, 1000)).toBe("/home/a/.local/share/rondo");
  expect(defaultDataDir({ HOME: "/root" }, 0)).toBe("/var/lib/rondo");
  expect(defaultDataDir({ XDG_DATA_HOME: "/data", HOME: "/root" }, 0)).toBe("/data/rondo");
});
