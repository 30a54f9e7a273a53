/**
 * A shell that outlives this process and cleans up after it, however it ended: `bun test` tells nobody that it exits, and
 * nobody hears a kill -9. It reads what to do from a pipe, and does it when the pipe closes.
 *   group <id>      kill this process group
 *   settled <id>    … no longer: it has ended (its id may belong to somebody else by then)
 *   folder <path>   stop the PostgreSQL in it and remove it
 */
const script = `
groups=" "
while read -r what value; do
  case $what in
    group) groups="$groups$value " ;;
    settled) groups="\${groups%% $value *} \${groups#* $value }" ;;
    folder) set -- "$@" "$value" ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
for folder in "$@"; do
  file="$folder/postgresql/cluster/postmaster.pid"
  if [ -f "$file" ]; then
    read -r pid < "$file"
    kill -QUIT "$pid" 2>/dev/null
    tries=0
    while [ -f "$file" ] && kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  fi
  rm -rf "$folder"
done
`;

let started: Bun.Subprocess<"pipe", "ignore", "ignore"> | undefined;

function janitor(): Bun.Subprocess<"pipe", "ignore", "ignore"> {
  if (started === undefined) {
    started = Bun.spawn(["sh", "-c", script, "sh"], {
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
      detached: true,
    });
    started.unref();
  }
  return started;
}

function tell(line: string): void {
  const { stdin } = janitor();
  stdin.write(`${line}\n`);
  stdin.flush();
}

/** Kills the process group when this process ends, unless `settled` is called first. */
export function killAtEnd(group: number): { settled(): void } {
  tell(`group ${group}`);
  return { settled: () => tell(`settled ${group}`) };
}

/** Stops the PostgreSQL of this data folder, if one runs, and removes the folder when this process ends. */
export function removeAtEnd(folder: string): void {
  tell(`folder ${folder}`);
}
