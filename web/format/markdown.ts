import MarkdownIt from "markdown-it";

/**
 * Markdown of notes. HTML in it stays text, links to `javascript:` and the like stay text (markdown-it's own rule), links leave without a
 * referrer and count for nothing, and images become nothing but their text: a page of Rondo asks no other server for anything.
 */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable("image");

const renderLink = markdown.renderer.renderToken.bind(markdown.renderer);
markdown.renderer.rules.link_open = (tokens, index, options) => {
  tokens[index]?.attrSet("rel", "nofollow noopener noreferrer");
  return renderLink(tokens, index, options);
};

export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
