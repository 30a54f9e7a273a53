import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { spawnProgram, waitFor } from "./index.ts";

const shell = (script: string, env: Record<string, string> = {}) => spawnProgram(["sh", "-c", script], { env });
const failureOf = (work: Promise<unknown>): Promise<string> => work.then(() => "", String);

const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("a program", () => {
  test("is waited for by what it prints, on either stream, whenever it was printed", async () => {
    await using program = shell("echo one; echo two=2 >&2; exec sleep 60");
    expect((await program.line(/two=(\d)/))[1]).toBe("2");
    expect((await program.line(/one/))[0]).toBe("one");
    expect(program.stdout()).toBe("one\n");
    expect(program.stderr()).toBe("two=2\n");
  });

  test("that does not print it fails in time, with what it did print", async () => {
    await using program = shell("echo other; exec sleep 60");
    expect(await failureOf(program.line(/never/, 50))).toContain("no /never/ within 50 ms from sh -c echo other");
  });

  test("that ends without printing it fails at once", async () => {
    await using program = shell("echo bye");
    expect(await failureOf(program.line(/never/))).toContain("it ended without /never/");
  });

  test("ends with the exit code that is expected, or the test fails and shows its output", async () => {
    await using fine = shell("exit 3");
    await fine.expectExit(3);
    await using other = shell("echo why >&2; exit 4");
    expect(await failureOf(other.expectExit(3))).toMatch(/ended with 4 instead of 3.*why/s);
  });

  test("that does not end fails in time", async () => {
    await using program = shell("exec sleep 60");
    expect(await failureOf(program.ended(50))).toContain("still running after 50 ms");
  });

  test("gets the signal that is sent", async () => {
    await using program = shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done");
    await program.line(/ready/);
    program.kill("SIGTERM");
    await program.expectExit(7);
    await using killed = shell("exec sleep 60");
    killed.kill("SIGKILL");
    expect(await killed.ended()).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("does not inherit our configuration", async () => {
    process.env.RONDO_LEFT_OVER = "x";
    await using program = shell('echo "[$RONDO_LEFT_OVER][$RONDO_GIVEN]"', { RONDO_GIVEN: "y" });
    await program.expectExit(0);
    delete process.env.RONDO_LEFT_OVER;
    expect(program.output()).toBe("[][y]\n");
  });

  test("takes its children along at the end", async () => {
    let child = 0;
    {
      await using program = shell("sleep 60 & echo child=$!; wait");
      child = Number((await program.line(/child=(\d+)/))[1]);
      expect(isAlive(child)).toBe(true);
    }
    await waitFor(() => !isAlive(child), { what: "the child to be gone" });
  });
});
