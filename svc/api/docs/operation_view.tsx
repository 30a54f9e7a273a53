/** @jsxImportSource hono/jsx */
import type { OpenApiDocument, Parameter } from "@rondo/contract";
import { type Endpoint, kindOf, resolve } from "./document.ts";
import { meaningOf, TypeOf, Words } from "./schema_view.tsx";

/** One call: what it takes and what it answers. */
export function Operation({ endpoint, document }: { endpoint: Endpoint; document: OpenApiDocument }) {
  const { method, path, operation, anchor } = endpoint;
  const shared = document.components.parameters;
  const parameters = (operation.parameters ?? []).flatMap((parameter) => resolve(shared, parameter) ?? []);
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  return (
    <article id={anchor}>
      <h3>
        <a href={`#${anchor}`}>{operation.summary ?? path}</a>
      </h3>
      <p class="call">
        <b>{method}</b> <code>{path}</code>
      </p>
      {operation.description === undefined ? null : (
        <p>
          <Words text={operation.description} />
        </p>
      )}
      {parameters.length === 0 ? null : <Parameters parameters={parameters} />}
      {body ? (
        <p>
          Body: <TypeOf schema={body.schema} />
        </p>
      ) : null}
      <Responses endpoint={endpoint} document={document} />
    </article>
  );
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Type</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map(({ name, in: where, schema, description, required }) => (
          <tr>
            <th scope="row">
              <code>{name}</code> <span class="where">{where}</span>
              {required ? <span class="required"> required</span> : null}
            </th>
            <td>
              <TypeOf schema={schema} />
            </td>
            <td>
              <Words text={description ?? meaningOf(schema)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Responses({ endpoint, document }: { endpoint: Endpoint; document: OpenApiDocument }) {
  const rows = Object.entries(endpoint.operation.responses).flatMap(([status, answer]) => {
    const response = resolve(document.components.responses, answer);
    return response
      ? [{ status, response, kind: kindOf(answer), content: Object.values(response.content ?? {})[0] }]
      : [];
  });
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Body</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ status, response, kind, content }) => (
          <tr>
            <th scope="row">{status}</th>
            <td>{content ? <TypeOf schema={content.schema} /> : "none"}</td>
            <td>
              {kind === undefined ? response.description : <a href={`/problems/${kind}`}>{response.description}</a>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
