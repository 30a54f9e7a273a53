import fc from "fast-check";
import { holds } from "../holds.ts";
import { type Model, pick } from "../model.ts";
import { type Act, told } from "./command.ts";

/** A request whose key was used before, perhaps long ago. */
export const repetition: fc.Arbitrary<Act> = fc
  .record({ answer: fc.nat(), how: fc.constantFrom("alike", "alike", "with another body") })
  .map((values) => ({
    name: `repeat ${told(values)}`,
    possible: ({ answers }: Model) => answers.length > 0,
    async act({ answers }, { stage }) {
      const { by, path, key, body, status, text } = pick(answers, values.answer);
      const other = values.how === "with another body" ? { ...body, title: "Something else" } : body;
      const headers = { "idempotency-key": key };
      const answer = await stage.ask(by, "POST", path, { body: other, headers });
      if (other !== body) return holds("a key is for one request only", answer.status, 422);
      holds("a repeated request has the first one's answer", [answer.status, answer.text], [status, text]);
      holds("and says that it is a repetition", answer.headers.get("idempotent-replayed"), "true");
    },
  }));
