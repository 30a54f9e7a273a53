/** One log of many processes: each line under the name of the one that printed it, in its colour. */
export interface EngineLog {
  of(name: string): (line: string) => void;
}

/** Of 256, as many as there are processes, legible on black and on white. */
const colours = [36, 33, 32, 35, 34, 31, 130, 63, 66, 98, 100, 161, 29, 133];
const width = 10;

/** @param colourful for a terminal; elsewhere colours are noise */
export function createLog(write: (text: string) => void, colourful: boolean): EngineLog {
  let used = 0;
  return {
    of(name) {
      const label = name.padEnd(width);
      const colour = colours[used % colours.length];
      used += 1;
      const head = colourful ? `\x1b[38;5;${colour}m${label}\x1b[0m` : label;
      return (line) => {
        const text = plain(line);
        if (text.trim() !== "") write(`${head} ${text}\n`);
      };
    },
  };
}

/** What Dapr's programs print is for machines: of its fields two are for people, and none of what etcd only mentions. Nothing for nothing. */
export function plain(line: string): string {
  if (line.startsWith('{"level":"info"')) return "";
  const json = /^\{"level":"(\w+)".*?"msg":("(?:[^"\\]|\\.)*")/.exec(line);
  const text = /^time="[^"]*" level=(\w+) msg=("(?:[^"\\]|\\.)*")/.exec(line);
  const [, level, message] = json ?? text ?? [];
  return message === undefined ? line : `${level}: ${unquoted(message)}`;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}
