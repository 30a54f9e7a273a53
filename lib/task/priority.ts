import { type } from "arktype";

/** In rising order, which is also the order of the database's enum. */
export const priorities = ["none", "low", "medium", "high", "urgent"] as const;

export const prioritySchema = type.enumerated(...priorities);
export type Priority = typeof prioritySchema.infer;
