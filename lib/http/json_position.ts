/** The engine's own message does not say where a text stops being JSON, so this walks it again: only after a failure. */

const whitespace = /[ \t\n\r]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const word = /[\w.+-]+/y;
const scalar = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

type Expectation = "value" | "value or ]" | "name or }" | "name" | "colon" | "comma or end";

/** One sentence that names the place (line and column from 1, RFC 8259 grammar) and what was expected there. */
export function findJsonError(text: string): string {
  const { position, expected } = walk(text);
  if (text.trim() === "") return "The body is empty; JSON was expected.";
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const where = position >= text.length ? "It ends too early" : `It goes wrong at line ${line}, column ${column}`;
  return `The body is not valid JSON. ${where}: ${words[expected]} was expected.`;
}

const words: Record<Expectation, string> = {
  value: "a value",
  "value or ]": "a value or ]",
  "name or }": 'a name in "quotes" or }',
  name: 'a name in "quotes"',
  colon: "a colon",
  "comma or end": "a comma or the end of what was opened",
};

/** Where the string that begins here ends; undefined when it does not. No regular expression: they backtrack. */
function endOfString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  for (let position = start + 1; position < text.length; position++) {
    const char = text.charAt(position);
    if (char === '"') return position + 1;
    if (char < " ") return undefined;
    if (char !== "\\") continue;
    escapeSequence.lastIndex = position;
    if (!escapeSequence.test(text)) return undefined;
    position = escapeSequence.lastIndex - 1;
  }
  return undefined;
}

function walk(text: string): { position: number; expected: Expectation } {
  const open: ("{" | "[")[] = [];
  let position = 0;
  let expected: Expectation = "value";
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = position;
    if (!pattern.test(text)) return false;
    position = pattern.lastIndex;
    return true;
  };
  const takeString = (): boolean => {
    const end = endOfString(text, position);
    position = end ?? position;
    return end !== undefined;
  };
  const takeScalar = (): boolean => {
    const start = position;
    if (take(word) && scalar.test(text.slice(start, position))) return true;
    position = start;
    return false;
  };
  const closes = (bracket: string): boolean => bracket === (open.at(-1) === "{" ? "}" : "]") && open.length > 0;
  for (;;) {
    take(whitespace);
    const char = text[position] ?? "";
    if (expected === "value" || expected === "value or ]") {
      if (char === "{" || char === "[") {
        open.push(char);
        position++;
        expected = char === "{" ? "name or }" : "value or ]";
        continue;
      }
      if (expected === "value or ]" && char === "]") {
        open.pop();
        position++;
      } else if (!takeString() && !takeScalar()) return { position, expected };
      expected = "comma or end";
    } else if (expected === "name" || expected === "name or }") {
      if (expected === "name or }" && char === "}") {
        open.pop();
        position++;
        expected = "comma or end";
      } else if (takeString()) expected = "colon";
      else return { position, expected };
    } else if (expected === "colon") {
      if (char !== ":") return { position, expected };
      position++;
      expected = "value";
    } else {
      if (closes(char)) open.pop();
      else if (char === "," && open.length > 0) expected = open.at(-1) === "{" ? "name" : "value";
      else return { position, expected };
      position++;
    }
  }
}
