import type { Estimate } from '../../jobs/core/estimate.js';
import { clock, count, rate } from '../progress.js';

/** What `job run --dry-run` says to people. */
export function estimateText(estimate: Estimate): string {
  const {
    input,
    output,
    rows,
    sample,
    rows_per_second,
    seconds,
    input_tokens,
    output_tokens,
    cost,
    partitions,
    models,
  } = estimate;
  const line = (name: string, value: string) => `${name.padEnd(14)} ${value}`;
  const failures = sample.failed > 0 ? `, ${count(sample.failed)} of them failed` : '';
  const lines = [
    line('input', `${input}, ${count(rows)} rows in ${count(partitions)} partitions`),
    line('output', `${output}; nothing was written`),
    ...models.map(({ column, uri, precision }) =>
      line(column, `${uri}${precision === 'none' ? '' : `, ${precision}`}`),
    ),
    line('sample', `${count(sample.rows)} rows in ${rate(sample.seconds)} s${failures}`),
    line('time', `about ${clock(seconds)} (${rate(rows_per_second)} rows/s)`),
    line('tokens', `about ${count(input_tokens)} in, ${count(output_tokens)} out`),
    ...(cost === null ? [] : [line('cost', `about ${cost.toFixed(4)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
