import { expect, test } from "bun:test";
import { formatterFor, keptFormatters, mostFormatters } from "./formatters.ts";

const options = { hour: "numeric" } as const;

test("a formatter is made once while it is in use, and however many kinds are asked for, few are kept", () => {
  const first = formatterFor({ locale: "en-GB" }, options, "Europe/Warsaw");
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (const locale of letters.flatMap((one) => letters.map((two) => `en-${one}${two}`))) {
    formatterFor({ locale }, options, "UTC");
    expect(formatterFor({ locale: "en-GB" }, options, "Europe/Warsaw")).toBe(first);
  }
  expect(keptFormatters()).toBe(mostFormatters);
});
