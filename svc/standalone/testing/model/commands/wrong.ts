import fc from "fast-check";
import { holds } from "../holds.ts";
import { mayWrite, pick } from "../model.ts";
import { wrongBody } from "./bodies.ts";
import { type Act, hasTasks, told } from "./command.ts";

interface ProblemBody {
  readonly errors: readonly unknown[];
}

/** What is refused must leave nothing: no change, no event, no entry. */
export const mistake: fc.Arbitrary<Act> = fc
  .record({ task: fc.nat(), body: wrongBody, creating: fc.boolean() })
  .map((values) => ({
    name: `mistake ${told(values)}`,
    possible: hasTasks,
    async act(model, { stage }) {
      const task = pick(model.tasks, values.task);
      const [person] = model.people.filter((one) => mayWrite(one) && one.workspace_id === task.workspace_id);
      if (person === undefined) throw new Error("nobody may write");
      const { body, creating } = values;
      const answer = await stage.ask(person, creating ? "POST" : "PATCH", creating ? "/tasks" : `/tasks/${task.id}`, {
        body,
      });
      holds("bad input is refused", answer.status, 422);
      holds("with the field that is wrong", answer.json<ProblemBody>().errors.length > 0, true);
    },
  }));
