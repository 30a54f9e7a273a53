import { expect, test } from "bun:test";
import { commands } from "../commands.ts";
import { command } from "./command.ts";
import { switchOf } from "./option.ts";
import { runCommandLine } from "./run.ts";

const around = { environment: {}, terminal: false };
const run = (line: string, own = commands) => runCommandLine(own, line.split(" ").filter(Boolean), around);
const make = (name: string, ok: boolean, colours: boolean[] = []) =>
  command({
    name,
    summary: "…",
    about: "…",
    options: { yes: switchOf("--yes", "Do it.") },
    run: async ({ yes }, _, look) => {
      colours.push(look.colours);
      return { json: { yes }, text: `yes: ${yes}`, ok };
    },
  });

test("a report is text for people and JSON for programs, and says by the exit code whether all is well", async () => {
  expect(await run("good", [make("good", true)])).toEqual({ code: 0, output: "yes: false\n", complaint: "" });
  expect(await run("bad --yes", [make("bad", false)])).toEqual({ code: 1, output: "yes: true\n", complaint: "" });
  const { output } = await run("good --json --yes", [make("good", true)]);
  expect(JSON.parse(output)).toEqual({ yes: true });
});

test("the longest name of a command counts", async () => {
  const own = [make("a", true), make("a b", false)];
  expect((await run("a b", own)).code).toBe(1);
  expect((await run("a --yes", own)).code).toBe(0);
});

test("a failure is one line and exit code 1", async () => {
  const broken = command({
    name: "broken",
    summary: "",
    about: "",
    options: {},
    run: () => Promise.reject(new Error("two\n  lines")),
  });
  expect(await run("broken", [broken])).toEqual({ code: 1, output: "", complaint: "rondo-ops: two lines\n" });
});

test("colours are for a terminal, and not for who does not want them", async () => {
  const colours: boolean[] = [];
  for (const [terminal, environment] of [
    [true, {}],
    [false, {}],
    [true, { NO_COLOR: "1" }],
  ] as const) {
    await runCommandLine([make("good", true, colours)], ["good"], { terminal, environment });
  }
  expect(colours).toEqual([true, false, false]);
});

test.each([
  ["", "which command? --help lists them"],
  ["tpics", '"tpics" is not a command; did you mean topics?'],
  ["constantinople", "is not a command; --help lists them"],
  ["dead", "dead what? There is dead list, dead show, dead replay, dead drop"],
  ["dead raise", "there is no dead raise, but dead list"],
  ["groups more", "groups takes no more"],
])("%j is exit code 2 and says what there is", async (line, reason) => {
  const { code, output, complaint } = await runCommandLine(commands, line.split(" ").filter(Boolean), {
    ...around,
    environment: { RONDO_KAFKA_BROKERS: "127.0.0.1:1" },
  });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(complaint).toContain(reason);
});

test("there is help for everything, and every line of it is a sentence or a name", async () => {
  const { code, output } = await run("--help");
  expect(code).toBe(0);
  for (const { name, summary, options } of commands) {
    expect(output).toContain(`  ${name.padEnd(2)}`);
    expect(output).toContain(summary);
    const own = await run(`${name} --help`);
    expect(own).toMatchObject({ code: 0, complaint: "" });
    expect(own.output).toStartWith(`rondo-ops ${name}: `);
    for (const { flag, variable } of Object.values(options)) {
      if (flag !== undefined) expect(own.output).toContain(`  ${flag}`);
      expect(variable.description).toEndWith(".");
    }
  }
});

test("what destroys something can be asked for twice only on purpose: it has --yes", () => {
  const destructive = ["audit archive", "groups delete", "dead replay", "dead drop", "outbox release"];
  const withYes = commands.filter(({ options }) => Object.values(options).some(({ flag }) => flag === "--yes"));
  expect(withYes.map(({ name }) => name).sort()).toEqual(destructive.sort());
});
