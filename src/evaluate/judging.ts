import { setImmediate } from 'node:timers/promises';
import { type Judge, openJudge } from './judge.js';
import type { EvaluateOptions } from './options.js';
import type { Unestimated } from './scoring.js';
import type { EvaluatedRow, EvaluatedText } from './types.js';

/** Rows between two looks at the signal: the judge works in this thread. */
const TURN_ROWS = 8;

/** The judge, with the precision and threads of the models; null if none is asked for. */
export async function openJudgeOf({ judge, rubric, modelOptions = {} }: EvaluateOptions): Promise<Judge | null> {
  if (judge === undefined) return null;
  const { precision, threads } = modelOptions;
  return openJudge(judge, { precision, threads, rubric });
}

/** The candidate's rows with the judge's answer. */
export async function judgedRows(
  judge: Judge,
  { name, rows }: Unestimated,
  texts: readonly EvaluatedText[],
  { signal, onProgress }: EvaluateOptions,
): Promise<EvaluatedRow[]> {
  const counts = { tokens: 0, truncated: 0, failed: 0 };
  const judged: EvaluatedRow[] = [];
  for (let start = 0; start < rows.length; start += TURN_ROWS) {
    const part = rows.slice(start, start + TURN_ROWS);
    const asked = part.filter(({ scores }) => scores !== null);
    const pairs = asked.map(({ row, summary }) => ({ source: texts[row].source!, summary: summary! }));
    const answers = await judge.score(pairs, { signal });
    const values = new Map(asked.map(({ row }, i) => [row, answers[i]]));
    judged.push(
      ...part.map((row) =>
        row.scores === null ? row : { ...row, scores: { ...row.scores, judge: values.get(row.row) ?? null } },
      ),
    );
    onProgress?.({ candidate: name, stage: 'judge', done: judged.length, total: rows.length, ...counts });
    await setImmediate();
    signal?.throwIfAborted();
  }
  return judged;
}
