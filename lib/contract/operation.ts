import { idSchema, projectSchema, taskSchema } from "@rondo/task";
import { type } from "arktype";
import { effect, named } from "./answer.ts";
import { contract } from "./route.ts";

/** Every kind of thing whose changes can be undone, in the plural. */
export const undoneSchema = type({ tasks: taskSchema.array(), projects: projectSchema.array() });
export type Undone = Readonly<typeof undoneSchema.infer>;

export const nothingUndone: Undone = { tasks: [], projects: [] };

export const operationContract = contract({
  undo: {
    method: "POST",
    path: "/api/v1/undo",
    operationId: "undo",
    tag: "operations",
    summary: "Undo one of your own operations",
    description:
      "Every change answers with `Rondo-Operation`. It can be undone while nothing else has changed the thing, for 30 days; the undo " +
      "is an operation too.",
    access: "tasks.change",
    body: named("Undo", type({ "+": "reject", operation_id: idSchema })),
    answer: effect(named("Undone", undoneSchema), "What was changed, as it is now"),
    takes: ["Idempotency-Key", "Rondo-Workspace"],
  },
});
