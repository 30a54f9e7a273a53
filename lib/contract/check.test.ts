import { expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { bodyCheck, formCheck } from "./check.ts";
import { taskContract } from "./task.ts";

const checkNew = formCheck(taskContract.create);
const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

test("a form is told what the server would answer, word for word", () => {
  const typed = { title: " \u200b ", priority: "none at all", colour: "red" };
  const [here, there] = [checkNew, bodyCheck(taskContract.create)].map((check) => thrown(() => check(typed)));
  expect(here).toBeInstanceOf(Problem);
  expect(here).toMatchObject({ kind: "invalid", errors: (there as Problem).errors });
  expect((there as Problem).errors.map(({ pointer }) => pointer).sort()).toEqual(["/colour", "/priority", "/title"]);
});

test("a checked form is what the server would keep", () => {
  expect(checkNew({ title: "  cafe\u0301 " })).toEqual({ title: "café" });
});

test("an input that is not there is not sent", () => {
  expect(checkNew({ title: "a", project_id: undefined })).toEqual({ title: "a" });
});
