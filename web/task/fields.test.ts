import { expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { aTask } from "@rondo/testing";
import { formOf } from "../form.ts";
import { readEdit } from "./edit.ts";
import { fieldMark, settle } from "./fields.ts";

const task = { ...aTask(), title: "Milk", due_date: "2026-11-25", due_time: "09:00", time_zone: "Europe/Warsaw" };

test("an edit goes onto a newer version whose change was of another field", () => {
  const was = fieldMark(task, "title");
  expect(settle("title", { was, text: "Bread" }, { ...task, notes: "new", version: 9 })).toBe("again");
});

test("an edit of a field that was changed meanwhile is a conflict", () => {
  const was = fieldMark(task, "title");
  expect(settle("title", { was, text: "Bread" }, { ...task, title: "Cheese" })).toBe("conflict");
  const due = fieldMark(task, "due");
  expect(settle("due", { was: due, text: "2026-12-01" }, { ...task, due_time: "10:00" })).toBe("conflict");
});

test("an edit that was made already is done", () => {
  expect(settle("title", { was: "other", text: "Bread" }, { ...task, title: "Bread" })).toBe("done");
});

test("a form that names no field of a task is refused", () => {
  expect(() => readEdit(formOf({ field: "workspace_id", workspace_id: "x" }))).toThrow(Problem);
  expect(() => readEdit(formOf({}))).toThrow(Problem);
});

test("only the inputs of the named field are read", () => {
  expect(readEdit(formOf({ field: "title", title: "a", notes: "b", created_by: "c" })).typed).toEqual({ title: "a" });
});

test("a button names the day; without a date there is no time and no zone", () => {
  const due = { field: "due", due_date: "2026-11-25", due_time: "09:00", time_zone: "Europe/Warsaw" };
  expect(readEdit(formOf({ ...due, day: "2026-12-01" })).typed).toEqual({
    due_date: "2026-12-01",
    due_time: "09:00",
    time_zone: "Europe/Warsaw",
  });
  expect(readEdit(formOf({ ...due, day: "none" })).typed).toEqual({ due_date: "", due_time: "", time_zone: "" });
  expect(readEdit(formOf({ ...due, due_time: "" })).typed.time_zone).toBe("");
});
