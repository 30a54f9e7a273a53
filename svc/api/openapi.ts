import { allContracts, type OpenApiDocument, openApiDocument, tags } from "@rondo/contract";

/** The version of the interface, not of the program: `/api/v1` only ever gains. */
const version = "1.0.0";

const description =
  "Lists are pages of `{items, next_cursor}`. A thing carries its version as `ETag`; send it back as `If-Match` and a change that " +
  "would overwrite somebody else's is refused with 412 and the current state. `Idempotency-Key` makes a POST safe to repeat. " +
  "Errors are problem documents (RFC 9457) that name every wrong field; `type` leads to what it means. Unknown members are refused. " +
  "Times are RFC 3339 in UTC, dates `YYYY-MM-DD`, ids UUIDs; texts are kept in Unicode NFC.";

/** The OpenAPI 3.1 document of the public interface, whichever services answer it. */
export function describeInterface(): OpenApiDocument {
  return openApiDocument(allContracts, { info: { title: "Rondo", version, description }, tags });
}
