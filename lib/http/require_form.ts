import { Problem } from "@rondo/problem";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./env.ts";

const formType = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)(?:$|[\s;])/i;

/**
 * Lets through only bodies that are forms of texts, so that every handler behind it can call `parseBody` without a care: Hono
 * keeps what was read here. Requests without a body pass.
 * @throws Problem `unsupported_media_type` · `malformed` for a form that cannot be read (another boundary than announced, cut off),
 * or that brings a file: none of our forms asks for one · `too_large`
 */
export function requireForm() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { body, headers } = c.req.raw;
    const type = headers.get("content-type");
    if (body !== null && type !== null) {
      if (!formType.test(type)) {
        throw new Problem("unsupported_media_type", "Send the body as a form.");
      }
      for (const [name, value] of await readForm(c.req)) {
        if (typeof value !== "string")
          throw new Problem("malformed", `"${name.slice(0, 50)}" is a file; a text was expected.`);
      }
    }
    await next();
  });
}

async function readForm(request: { formData(): Promise<FormData> }): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    // A body that has grown too large says so itself.
    if (cause instanceof Problem) throw cause;
    throw new Problem("malformed", "The form could not be read: it is cut off, or not divided as its header says.", {
      cause,
    });
  }
}
