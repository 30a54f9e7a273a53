import { appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A shell that outlives this process and cleans up after it, however it ended: `bun test` tells nobody that it exits, and
 * nobody hears a kill -9. When this process is gone it does what the list says:
 *   group <id>      kill this process group
 *   settled <id>    … but not this one: it has ended, and its id may belong to somebody else
 *   folder <path>   stop the PostgreSQL in it and remove it
 *   server <path>   stop the PostgreSQL in it
 * It is started in the background of another shell, for a test that times out ends our children.
 */
const script = `
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  # Where nobody reaps orphans, a process that has ended still has its id.
  [ -r "/proc/$1/stat" ] || return 0
  read -r _ _ state _ < "/proc/$1/stat" && [ "$state" != Z ]
}
while runs "$1"; do sleep 0.2; done
settled=" "
while read -r what group; do [ "$what" = settled ] && settled="$settled$group "; done < "$2"
while read -r what group; do
  [ "$what" = group ] || continue
  case "$settled" in *" $group "*) ;; *) kill -s KILL -- "-$group" 2>/dev/null ;; esac
done < "$2"
while read -r what folder; do
  case "$what" in folder | server) ;; *) continue ;; esac
  file="$folder/postgresql/cluster/postmaster.pid"
  if [ -f "$file" ]; then
    read -r pid < "$file"
    kill -QUIT "$pid" 2>/dev/null
    tries=0
    while [ -f "$file" ] && kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  fi
  if [ "$what" = folder ]; then rm -rf "$folder"; fi
done < "$2"
rm -f "$2"
`;

let list: string | undefined;

function tell(line: string): void {
  if (list === undefined) {
    list = join(tmpdir(), `rondo-janitor-${process.pid}-${crypto.randomUUID()}.list`);
    appendFileSync(list, "");
    const background = 'sh -c "$0" sh "$@" </dev/null >/dev/null 2>&1 &';
    Bun.spawnSync(["sh", "-c", background, script, String(process.pid), list], { cwd: "/" });
  }
  appendFileSync(list, `${line}\n`);
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

/** Stops the PostgreSQL of this data folder, if one runs, when this process ends. */
export function stopServerAtEnd(folder: string): void {
  tell(`server ${folder}`);
}
