import { expect, test } from "bun:test";
import { hrefOf, parseHere } from "./view.ts";

const here = (path: string) => parseHere(new URL(path, "http://localhost"));

test("a URL says what is shown, and what is shown makes the same URL", () => {
  for (const path of [
    "/inbox",
    "/today?task=abc",
    "/bin?limit=100",
    "/projects/p1?limit=200&cursor=x%3Dy&completed=1&task=t1",
    "/tasks/t1",
    "/tasks/t1?edit=notes",
  ]) {
    expect(hrefOf(here(path))).toBe(path);
  }
});

test("opening and closing a task changes only the task", () => {
  expect(hrefOf(here("/inbox?completed=1"), { task_id: "t1" })).toBe("/inbox?completed=1&task=t1");
  expect(hrefOf(here("/inbox?completed=1&task=t1"), { task_id: undefined })).toBe("/inbox?completed=1");
});

test("an id in a URL cannot leave its place in the path", () => {
  expect(hrefOf(here("/tasks/..%2Faccount"))).toBe("/tasks/..%252Faccount");
  expect(hrefOf(here('/inbox?task="><script>'))).toBe("/inbox?task=%22%3E%3Cscript%3E");
});

test("a limit that is none is the usual one, and a large one is bounded", () => {
  expect(here("/inbox?limit=abc").limit).toBe(50);
  expect(here("/inbox?limit=1e9").limit).toBe(200);
  expect(here("/inbox?limit=-3").limit).toBe(1);
});

test("a path that is no list shows no list", () => {
  expect(here("/account").view).toBeUndefined();
  expect(here("/inbox/else").view).toBeUndefined();
  expect(here("/projects").view).toBeUndefined();
});
