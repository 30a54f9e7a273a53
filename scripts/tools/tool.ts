/**
 * An engine or a load tool that comes as sources or as packages of another language. It is made once, into a folder named by
 * the hash of what it is made from, so that a changed pin makes it anew and an unchanged one costs nothing.
 */
export interface Tool {
  readonly name: string;
  /** What it is, for people: `k6 1.8.1`. */
  readonly title: string;
  /** Everything that it is made from; the hash of it names the folder. */
  readonly recipe: () => string;
  /** The programs that making it takes, each with how to get it on Debian. */
  readonly needs: readonly Need[];
  /** What it leaves in its folder: names for `toolPath`, paths within. */
  readonly provides: Readonly<Record<string, string>>;
  /** @throws Error with the reason in a line */
  readonly make: (folder: string, progress: Progress) => Promise<void>;
}

export interface Need {
  readonly program: string;
  readonly get: string;
}

/** Told how far a long step has come, as often as it changes. */
export type Progress = (how_far: string) => void;
