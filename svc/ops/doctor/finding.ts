/** One line of the doctor's. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly says: string;
  /** What to do about it; none where all is well. */
  readonly advice?: string;
}

export function fine(check: string, says: string): Finding {
  return { check, state: "ok", says };
}

export function warning(check: string, says: string, advice: string): Finding {
  return { check, state: "warn", says, advice };
}

export function failure(check: string, says: string, advice: string): Finding {
  return { check, state: "fail", says, advice };
}

/** The first of the failures when there are some, else of the warnings, else that all is fine. */
export function summed(check: string, wrong: readonly Finding[], allIsWell: string): readonly Finding[] {
  return wrong.length > 0 ? wrong : [fine(check, allIsWell)];
}

/** @param topics of each dead letter, its own */
export function deadLetterFinding(topics: readonly string[]): Finding {
  if (topics.length === 0) return fine("dead letters", "none");
  const byTopic = [...Map.groupBy(topics, (topic) => topic)].map(([topic, { length }]) => `${length} of ${topic}`);
  return warning("dead letters", byTopic.join(", "), "rondo-ops dead list, then dead replay or dead drop");
}
