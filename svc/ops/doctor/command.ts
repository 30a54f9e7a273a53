import { optional, text, url } from "@rondo/config";
import { command, type Look, type Report } from "../cli/command.ts";
import { fromEnvironment, UsageError, type ValuesOf } from "../cli/option.ts";
import { withDatabase } from "../database/options.ts";
import { engineOf, engineOptions, withEngine } from "../engine/options.ts";
import { type Finding, failure } from "./finding.ts";

const options = {
  sidecar: fromEnvironment(
    optional(
      url({
        name: "RONDO_SIDECAR_URL",
        description: "A sidecar to ask for its health, and whether it has loaded what its service needs.",
        example: "http://127.0.0.1:3500",
      }),
    ),
    "--sidecar",
  ),
  sidecarToken: fromEnvironment(
    optional(
      text({
        name: "DAPR_API_TOKEN",
        description: "What that sidecar wants to be shown, when it wants anything.",
        example: "a-long-random-text",
        secret: true,
      }),
    ),
  ),
  ...engineOptions,
};

type Asked = ValuesOf<typeof options>;

export const doctorCommand = command({
  name: "doctor",
  summary: "checks everything that a deployment needs, and says what to do",
  about:
    "checks everything that a deployment needs, and says what to do.\n\n" +
    "It changes nothing. It fails when a check fails; warnings are for you to look at.",
  options,
  run: async (values, _, look) => {
    const found = await Promise.all([databaseFindings(values), engineFindings(values), sidecarFindings(values)]);
    return report(found.flat(), look);
  },
});

async function databaseFindings(values: Asked): Promise<readonly Finding[]> {
  const { migrationSets } = await import("../migrate/sets.ts");
  const { checkDatabase } = await import("./database.ts");
  const work = () => withDatabase(values, async (db) => checkDatabase(db, await migrationSets()));
  return await orFailure("postgresql", "is it running, and do DATABASE_URL and the network lead to it?", work);
}

async function engineFindings(values: Asked): Promise<readonly Finding[]> {
  const work = () => withEngine(values, (engine) => engine.findings());
  return engineOf(values) === "dapr"
    ? await orFailure("kafka", "are the brokers running, and do RONDO_KAFKA_… and the network lead to them?", work)
    : await orFailure("events", "they lie in PostgreSQL: see there", work);
}

/** One engine that is away must not keep the findings about the others from being seen. */
async function orFailure(
  check: string,
  advice: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return [failure(check, error instanceof Error ? error.message : String(error), advice)];
  }
}

async function sidecarFindings({ sidecar: url, sidecarToken: token }: Asked): Promise<readonly Finding[]> {
  if (url === undefined) return [];
  const { checkSidecar } = await import("./sidecar.ts");
  return await checkSidecar({ url, token });
}

const colours = { ok: "\u001b[32m", warn: "\u001b[33m", fail: "\u001b[31m" } as const;

function report(findings: readonly Finding[], look: Look): Report {
  const failed = findings.filter(({ state }) => state === "fail").length;
  const warned = findings.filter(({ state }) => state === "warn").length;
  const widest = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, says, advice }) => {
    const mark = look.colours ? `${colours[state]}${state.padEnd(4)}\u001b[0m` : state.padEnd(4);
    const line = `${mark}  ${check.padEnd(widest)}  ${says}`;
    return advice === undefined ? [line] : [line, `${" ".repeat(widest + 8)}→ ${advice}`];
  });
  const sum = failed + warned === 0 ? "all is well" : `${failed} failed, ${warned} to look at`;
  return { json: { ok: failed === 0, findings }, text: [...lines, "", sum].join("\n"), ok: failed === 0 };
}
