import type { Task } from "@rondo/task";
import fc from "fast-check";
import { holds } from "../holds.ts";
import { pick } from "../model.ts";
import { contentOf } from "./change.ts";
import { type Act, hasTasks, told } from "./command.ts";

/** Somebody reads a task, perhaps one of another workspace, whatever is under way. */
export const look: fc.Arbitrary<Act> = fc.record({ who: fc.nat(), task: fc.nat() }).map((values) => ({
  name: `look ${told(values)}`,
  possible: hasTasks,
  async act(model, { stage }) {
    const person = pick(model.people, values.who);
    const task = pick(model.tasks, values.task);
    const answer = await stage.ask(person, "GET", `/tasks/${task.id}`);
    const own = task.workspace_id === person.workspace_id;
    holds("a task is read by its own workspace only", answer.status, own ? 200 : 404);
    if (own) holds("what was acknowledged is read at once", contentOf(answer.json<Task>()), task);
  },
}));
