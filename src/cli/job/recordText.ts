import type { JobRecord } from '../../jobs/record.js';
import { count, rate } from '../progress.js';
import { size } from '../sizes.js';

/** A job for people. What did not happen is left out. */
export function recordText(record: JobRecord): string {
  const { id, name, state, problem, rows, rows_total, succeeded, failed, filtered, carried, cached, retried } = record;
  const counts = [
    `${count(succeeded)} succeeded`,
    ...some(failed, 'failed'),
    ...some(filtered, 'filtered'),
    ...some(carried, 'taken over'),
    ...some(cached, 'from the cache'),
    ...some(retried, 'tried again'),
    ...some(record.truncated, 'truncated'),
  ];
  const lines = [
    line('job', name === null ? id : `${id} (${name})`),
    line('state', problem === null ? state : `${state}: ${problem}`),
    ...record.models.map(({ column, uri, precision }) =>
      line(column, `${uri}${precision === 'none' ? '' : `, ${precision}`}`),
    ),
    line('rows', `${count(rows)}${rows_total === null ? '' : ` of ${count(rows_total)}`}: ${counts.join(', ')}`),
    line('time', `${rate(record.seconds)} s (${rate(record.rows_per_second)} rows/s), ${runs(record.runs)}`),
    line(
      'tokens',
      `${count(record.input_tokens)} in, ${count(record.output_tokens)} out (${rate(record.tokens_per_second)} tokens/s)`,
    ),
    ...(record.cost === null ? [] : [line('cost', record.cost.toFixed(4))]),
    ...(record.peak_memory_bytes > 0
      ? [line('memory', size(record.peak_memory_bytes + (record.engine_peak_memory_bytes ?? 0)))]
      : []),
    line('input', record.input),
    line('output', `${record.output}${record.version === null ? '' : ` (version ${record.version})`}`),
    ...(record.failed_rows === null ? [] : [line('failed rows', record.failed_rows)]),
    ...record.events.slice(-5).map((event) => line('event', event)),
    ...next(record),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the user can do now. */
function next({ id, state, failed }: JobRecord): string[] {
  if (state === 'interrupted' || state === 'failed') return [line('next', `precis job resume ${id}`)];
  if (state === 'planned') return [line('next', `precis job resume ${id}`)];
  if (state === 'done' && failed > 0) return [line('next', `precis job retry ${id}`)];
  return [];
}

function some(amount: number, what: string): string[] {
  return amount > 0 ? [`${count(amount)} ${what}`] : [];
}

function runs(number: number): string {
  return number === 1 ? '1 run' : `${number} runs`;
}

function line(name: string, value: string): string {
  return `${name.padEnd(14)} ${value}`;
}
