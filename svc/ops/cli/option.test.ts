import { describe, expect, test } from "bun:test";
import { choice, integer, optional, text } from "@rondo/config";
import { fromEnvironment, option, parseOptions, switchOf, UsageError } from "./option.ts";

const options = {
  limit: option(
    integer({ name: "--limit", description: "How many.", example: "20", default: "100", min: 1, max: 1_000 }),
  ),
  topic: option(optional(choice(["a", "b"], { name: "--topic", description: "Which.", example: "a" }))),
  yes: switchOf("--yes", "Do it."),
  brokers: fromEnvironment(
    text({ name: "RONDO_KAFKA_BROKERS", description: "Where.", example: "h:9092" }),
    "--brokers",
  ),
  password: fromEnvironment(
    optional(text({ name: "RONDO_KAFKA_PASSWORD", description: "Who.", example: "x", secret: true, min: 8 })),
  ),
};
const environment = { RONDO_KAFKA_BROKERS: "from:1" };
const parse = (line: string, env: Record<string, string> = environment) =>
  parseOptions(options, line.split(" ").filter(Boolean), env);

test("values come from the command line, else from the environment, else they are the usual ones", () => {
  expect(parse("").values).toEqual({
    limit: 100,
    topic: undefined,
    yes: false,
    brokers: "from:1",
    password: undefined,
  });
  const { values, words } = parse("one --limit=7 --topic b two --yes --brokers=line:2 -- --three");
  expect(values).toMatchObject({ limit: 7, topic: "b", yes: true, brokers: "line:2" });
  expect(words).toEqual(["one", "two", "--three"]);
});

describe("what is refused, each in one line that names it", () => {
  test.each([
    [
      "an unknown option, with the nearest",
      "--limt=3",
      "--limt is not an option of this command; did you mean --limit?",
    ],
    ["an option like no other", "--whatever", "--whatever is not an option of this command; --help lists them"],
    ["an option with one dash", "-yes", "-y is not an option"],
    [
      "a wrong number",
      "--limit=0",
      '--limit must be a whole number from 1 to 1000, and is "0"; for example --limit=20',
    ],
    ["a wrong word", "--topic=c", '--topic must be a or b, and is "c"'],
    ["no value", "--limit", "--limit needs a value; for example --limit=20"],
    ["an empty value", "--limit=", "--limit needs a value"],
    ["an option in place of a value", "--limit --yes", "--limit needs a value"],
    ["a value of a switch", "--yes=no", "--yes takes no value"],
    ["the same twice", "--limit=1 --limit=2", "--limit is given twice"],
    ["a secret on the command line", "--password=x", "--password is not an option"],
  ])("%s", (_, line, reason) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(reason);
  });

  test("a variable that is missing, wrong or mistyped, never with the value of a secret", () => {
    const mistakes = (env: Record<string, string>) => {
      try {
        parse("--limit=0", env);
      } catch (error) {
        return error instanceof UsageError ? error.lines : [String(error)];
      }
      return [];
    };
    const lines = mistakes({ RONDO_KAFKA_BROKER: "h:1", RONDO_KAFKA_PASSWORD: "hunter2" });
    expect(lines).toEqual([
      expect.stringContaining("--limit must be"),
      expect.stringContaining("RONDO_KAFKA_BROKERS is missing"),
      expect.stringContaining("RONDO_KAFKA_PASSWORD must have at least 8 characters"),
      expect.stringContaining(
        "RONDO_KAFKA_BROKER is not a variable of this program; did you mean RONDO_KAFKA_BROKERS?",
      ),
    ]);
    expect(lines.join()).not.toContain("hunter2");
  });

  test("but not the variables of other programs, nor those that an option overrides", () => {
    expect(() => parse("", { ...environment, RONDO_PORT: "80", RONDO_AUTH_SECRET: "x" })).not.toThrow();
    expect(() => parse("--brokers=line:2")).not.toThrow();
  });
});
