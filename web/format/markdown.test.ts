import { expect, test } from "bun:test";
import { renderMarkdown } from "./markdown.ts";

test("HTML in notes stays text", () => {
  const html = renderMarkdown('<script>alert(1)</script> <b hx-get="/account">x</b> <img src=x onerror=alert(1)>');
  expect(html).not.toMatch(/<(script|b|img)/);
  expect(html).toContain("&lt;script&gt;");
});

test("a link to a script or to data stays text", () => {
  for (const url of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "&#106;avascript:alert(1)",
  ]) {
    expect(renderMarkdown(`[x](${url}) <${url}>`)).not.toContain("<a ");
  }
});

test("a link leaves without a referrer and is not vouched for", () => {
  expect(renderMarkdown("[x](https://example.org)")).toContain(
    '<a href="https://example.org" rel="nofollow noopener noreferrer">x</a>',
  );
  expect(renderMarkdown("see https://example.org")).toContain('rel="nofollow noopener noreferrer"');
});

test("an image is not loaded from elsewhere", () => {
  expect(renderMarkdown("![x](https://example.org/a.png)")).not.toContain("<img");
});

test("a paragraph longer than people write stays as it was typed, and so do notes of too many lines", () => {
  const long = `${"see **this** https://example.org <b>\n".repeat(60)}end`;
  expect(long.length).toBeGreaterThan(2_000);
  expect(renderMarkdown(`# Two\n\n${long}\n\n*three*`)).toMatch(
    /^<h1>Two<\/h1>\n<p>see \*\*this\*\* https:\/\/example.org &lt;b&gt;<br>\n[\s\S]*end<\/p>\n<p><em>three<\/em><\/p>\n$/,
  );
  expect(renderMarkdown("**a** <b>\n".repeat(2_000))).toStartWith("<p>**a** &lt;b&gt;<br>\n**a**");
  expect(renderMarkdown(`${"word ".repeat(300)}**bold**`)).toContain("<strong>bold</strong>");
});

test("quotes in a link title cannot add an attribute", () => {
  expect(renderMarkdown(`[x](https://example.org "a\\" hx-get=\\"/account")`)).not.toMatch(/" hx-get="/);
});
