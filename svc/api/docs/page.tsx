/** @jsxImportSource hono/jsx */
import type { OpenApiDocument } from "@rondo/contract";
import { sectionsOf } from "./document.ts";
import { Operation } from "./operation_view.tsx";
import { Members, Words } from "./schema_view.tsx";

/** The whole interface on one page: no script, readable in light and dark, each operation and schema with its anchor. */
export function DocsPage({ document, styleUrl }: { document: OpenApiDocument; styleUrl: string }) {
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
          <p>
            <Words text={document.info.description ?? ""} />
          </p>
          <p>
            The same for programs: <a href="/api/v1/openapi.json">OpenAPI 3.1 document</a>.
          </p>
          {sections.map(({ name, description, endpoints }) => (
            <section aria-label={name}>
              <h2>{name}</h2>
              <p>
                <Words text={description} />
              </p>
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
