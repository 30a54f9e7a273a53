import { Problem } from "@rondo/problem";
import { idSchema, instantSchema } from "@rondo/task";
import { type } from "arktype";
import type { Place } from "./queries.ts";

const placeSchema = type([instantSchema, idSchema, "string"]);

/** An opaque cursor: the time and id of the page's last entry. `scope` is everything that must stay the same. */
export function encodeCursor(scope: string, { time, id }: Place): string {
  return Buffer.from(JSON.stringify([time, id, seal(scope, time, id)])).toString("base64url");
}

/** @throws Problem `invalid` at `query:cursor` for a cursor of another list, and for what is none */
export function decodeCursor(scope: string, cursor: string): Place {
  const place = placeSchema(parse(cursor));
  if (place instanceof type.errors) throw notACursor();
  const [time, id, sealed] = place;
  if (sealed !== seal(scope, time, id) || Number.isNaN(Date.parse(time))) throw notACursor();
  return { time, id };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** No secret: it keeps people from mistakes, and every query is bound to the workspace anyway. */
function seal(scope: string, time: string, id: string): string {
  return new Bun.CryptoHasher("sha256").update(`${scope}\n${time}\n${id}`).digest("base64url").slice(0, 16);
}

function notACursor(): Problem {
  const detail = "Send next_cursor as it was answered, with the same filter, or leave it out to begin again.";
  return new Problem("invalid", "The cursor does not belong to this list.", {
    errors: [{ pointer: "query:cursor", detail }],
  });
}
