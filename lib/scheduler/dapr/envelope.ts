import { checkedJob } from "../name.ts";
import type { Job, JsonObject } from "../port.ts";

/** The job that Dapr brings; undefined for what was not scheduled by `putJob`. */
export function readJob(name: string, body: unknown): Job | undefined {
  if (!isObject(body) || typeof body.at !== "string" || !isObject(body.data)) return undefined;
  try {
    return checkedJob({ name, at: body.at, data: body.data });
  } catch {
    return undefined;
  }
}

/** What was parsed from JSON and is an object has JSON values. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
