import { check, fail } from "k6";
import http, { type RefinedResponse, type ResponseType } from "k6/http";
import { optionsOf, type Profile } from "./profiles.ts";

/**
 * What people and programs do all day, as k6 scenarios against a running Rondo, or against the floor, which answers the same calls.
 *
 * `BASE_URL`, `TOKEN` and `PROJECT` say where and as whom; `TASKS` is a file with one task id per line to read and change;
 * `PROFILE` is one of profiles.ts, `SECONDS` its length, `RATE` the requests a second of `steady`, `KIND` the one request that `closed`
 * repeats; `SUMMARY` receives the figures as JSON.
 */
const base =
  __ENV.BASE_URL ?? fail("BASE_URL is missing: the origin of a running Rondo, such as http://127.0.0.1:3000");
const token = __ENV.TOKEN ?? fail("TOKEN is missing: an API token with tasks:read and tasks:write");
const project = __ENV.PROJECT ?? fail("PROJECT is missing: the id of the project to work in");
const kind = __ENV.KIND ?? "list";
const taskIds = (__ENV.TASKS === undefined ? "" : open(__ENV.TASKS)).split("\n").filter((line) => line !== "");

export const options = optionsOf({
  profile: (__ENV.PROFILE ?? "smoke") as Profile,
  seconds: Number(__ENV.SECONDS ?? "15"),
  perSecond: Number(__ENV.RATE ?? "500"),
  kind,
});

const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const named = (name: string) => ({ headers, tags: { name }, timeout: "10s" });

function list(): void {
  expectStatus(http.get(`${base}/api/v1/tasks?project=${project}&limit=50`, named("list")), 200);
}

/** What is urgent within half a year, the next first. */
function filter(): void {
  const query = `project=${project}&priority=urgent&due_before=2026-07-01&sort=due_date&limit=50`;
  expectStatus(http.get(`${base}/api/v1/tasks?${query}`, named("filter")), 200);
}

function read(): void {
  expectStatus(http.get(`${base}/api/v1/tasks/${anyTask()}`, named("read")), 200);
}

function create(): string {
  const body = JSON.stringify({
    title: `Water the plants ${__VU}-${__ITER}`,
    project_id: project,
    priority: "high",
    due_date: "2026-12-24",
  });
  const response = http.post(`${base}/api/v1/tasks`, body, named("create"));
  expectStatus(response, 201);
  return String(response.json("id"));
}

function update(): void {
  const body = JSON.stringify({ notes: `Changed by ${__VU} in round ${__ITER}` });
  expectStatus(http.patch(`${base}/api/v1/tasks/${anyTask()}`, body, named("update")), 200);
}

/** Completes a task that no other virtual user touches, and opens it again: the next round finds it as it was. */
function complete(): void {
  const id = taskIds[(__VU - 1) % taskIds.length] ?? fail("TASKS holds no task id");
  const completion = `${base}/api/v1/tasks/${id}/completion`;
  expectStatus(http.post(completion, null, named("complete")), 200);
  expectStatus(http.del(completion, null, named("reopen")), 200);
}

const kinds: Record<string, () => void> = { list, filter, read, create, update, complete };

/** 60 % list, 20 % read, 15 % create, 5 % update. */
export function mix(): void {
  const dice = Math.random();
  if (dice < 0.6) list();
  else if (dice < 0.8) read();
  else if (dice < 0.95) create();
  else update();
}

/** The same request over and over, for requests per second. */
export function one(): void {
  const repeat = kinds[kind] ?? fail(`KIND must be one of ${Object.keys(kinds).join(", ")}, not ${kind}`);
  repeat();
}

/** One person's visit, every answer checked: add, read, change, complete, reopen, bin, restore. */
export function journey(): void {
  const id = create();
  const task = `${base}/api/v1/tasks/${id}`;
  expectStatus(http.get(task, named("read")), 200);
  expectStatus(http.patch(task, JSON.stringify({ priority: "urgent" }), named("update")), 200);
  expectStatus(http.post(`${task}/completion`, null, named("complete")), 200);
  expectStatus(http.del(`${task}/completion`, null, named("reopen")), 200);
  expectStatus(http.del(task, null, named("delete")), 200);
  expectStatus(http.post(`${task}/restoration`, null, named("restore")), 200);
  list();
}

function anyTask(): string {
  return taskIds[Math.floor(Math.random() * taskIds.length)] ?? fail("TASKS holds no task id");
}

function expectStatus(response: RefinedResponse<ResponseType | undefined>, status: number): void {
  check(response, { [`${status}`]: (answer) => answer.status === status });
}

export function handleSummary(data: unknown): Record<string, string> {
  const file = __ENV.SUMMARY;
  return file === undefined ? { stdout: `${JSON.stringify(data, null, 2)}\n` } : { [file]: JSON.stringify(data) };
}
