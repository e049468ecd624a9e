import type { Candidate, Estimate, Evaluation } from '../evaluate/types.js';
import type { Written } from './evalOutputs.js';

/** What `precis eval --json` prints. Rows are in --out. */
export function evaluationRecord(evaluation: Evaluation, { out, report, sheet }: Written): object {
  const { input, textColumn, referenceColumn, texts, ranking, seed, machine, date, candidates } = evaluation;
  return {
    input,
    text: textColumn,
    reference: referenceColumn,
    rows: texts.length,
    nulls: texts.filter(({ source }) => source === null).length,
    references: texts.filter(({ reference }) => reference !== null).length,
    ranking,
    seed,
    machine,
    date,
    candidates: candidates.map(candidateRecord),
    output: out,
    report,
    sheet: sheet && { file: sheet.file, key: sheet.keyFile, pairs: sheet.pairs, identical: sheet.identical },
  };
}

function candidateRecord({ name, kind, precision, cost, rows, estimates, differences }: Candidate): object {
  const failures = rows.filter(({ error }) => error !== null);
  return {
    name,
    kind,
    precision,
    failed: failures.length,
    // As everywhere on the command line, rows that fail count from 1.
    failures: failures.slice(0, 10).map(({ row, error }) => ({ row: row + 1, reason: error })),
    seconds: cost?.seconds ?? null,
    rows_per_second: cost?.rowsPerSecond ?? null,
    input_tokens: cost?.inputTokens ?? null,
    output_tokens: cost?.outputTokens ?? null,
    price: cost?.price ?? null,
    estimates: mapped(estimates, figures),
    differences: differences && mapped(differences, (one) => ({ ...figures(one), p: one.p })),
  };
}

function figures({ mean, low, high, rows }: Estimate): object {
  return { mean, low, high, rows };
}

function mapped<Value>(values: Readonly<Record<string, Value | undefined>>, to: (value: Value) => object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value as Value)]));
}
