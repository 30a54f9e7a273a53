/** @jsxImportSource hono/jsx */
import { type ApiDocument, type Endpoint, type Parameter, resolve, sectionsOf } from "./document.ts";
import { Members, meaningOf, TypeOf } from "./schema_view.tsx";

/** The whole interface on one page: no script, readable in light and dark, each operation and schema with its anchor. */
export function DocsPage({ document, styleUrl }: { document: ApiDocument; styleUrl: string }) {
  const sections = sectionsOf(document);
  const schemas = Object.entries(document.components.schemas);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Rondo API</title>
        <link rel="stylesheet" href={styleUrl} />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <nav aria-label="Operations and schemas">
          {sections.map(({ name, endpoints }) => (
            <>
              <h2>{name}</h2>
              <ul>
                {endpoints.map(({ anchor, operation, path }) => (
                  <li>
                    <a href={`#${anchor}`}>{operation.summary ?? path}</a>
                  </li>
                ))}
              </ul>
            </>
          ))}
          <h2>schemas</h2>
          <ul>
            {schemas.map(([name]) => (
              <li>
                <a href={`#schema-${name}`}>{name}</a>
              </li>
            ))}
          </ul>
        </nav>
        <main id="content">
          <h1>Rondo API</h1>
          <p>{document.info.description}</p>
          <p>
            The same for programs: <a href="/api/v1/openapi.json">OpenAPI 3.1 document</a>.
          </p>
          {sections.map(({ name, description, endpoints }) => (
            <section aria-label={name}>
              <h2>{name}</h2>
              <p>{description}</p>
              {endpoints.map((endpoint) => (
                <Operation endpoint={endpoint} document={document} />
              ))}
            </section>
          ))}
          <section aria-label="schemas">
            <h2>schemas</h2>
            {schemas.map(([name, schema]) => (
              <article id={`schema-${name}`}>
                <h3>{name}</h3>
                <Members schema={schema} />
              </article>
            ))}
          </section>
        </main>
      </body>
    </html>
  );
}

function Operation({ endpoint, document }: { endpoint: Endpoint; document: ApiDocument }) {
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
      {operation.description === undefined ? null : <p>{operation.description}</p>}
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
            <td>{description ?? meaningOf(schema)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Responses({ endpoint, document }: { endpoint: Endpoint; document: ApiDocument }) {
  const rows = Object.entries(endpoint.operation.responses).flatMap(([status, answer]) => {
    const response = resolve(document.components.responses, answer);
    return response ? [{ status, response, content: Object.values(response.content ?? {})[0] }] : [];
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
        {rows.map(({ status, response, content }) => (
          <tr>
            <th scope="row">{status}</th>
            <td>{content ? <TypeOf schema={content.schema} /> : "none"}</td>
            <td>{response.description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
