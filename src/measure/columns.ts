import type { Summary } from './summary.js';

/** One figure of a setting: `name` for programs, `head` and `show` for people. */
export interface Column {
  readonly name: string;
  readonly value: (summary: Summary) => string | number | null;
  /** Missing where another column of the table for people says it. */
  readonly head?: string;
  readonly show?: (summary: Summary) => string;
  /** For people only worth a column if it differs. */
  readonly ifVaried?: boolean;
}

const MEBI = 2 ** 20;

export const COLUMNS: readonly Column[] = [
  { name: 'device', head: 'device', ifVaried: true, value: ({ setting }) => setting.device },
  { name: 'precision', head: 'precision', value: ({ setting }) => setting.precision },
  { name: 'workers', head: 'workers', value: ({ setting }) => setting.workers },
  { name: 'threads_per_worker', head: 'threads', ifVaried: true, value: ({ setting }) => setting.threads },
  {
    name: 'batch_rows',
    head: 'rows',
    value: ({ setting }) => setting.batchRows,
    show: (s) => String(s.setting.batchRows ?? 'auto'),
  },
  { name: 'num_beams', head: 'beams', value: ({ setting }) => setting.numBeams },
  { name: 'repetitions', value: ({ repetitions }) => repetitions },
  {
    name: 'documents_per_second',
    head: 'documents/s',
    value: ({ documentsPerSecond }) => documentsPerSecond.median,
    show: ({ documentsPerSecond: { median, min, max } }) => `${fixed(median)} (${fixed(min)} to ${fixed(max)})`,
  },
  { name: 'documents_per_second_min', value: ({ documentsPerSecond }) => documentsPerSecond.min },
  { name: 'documents_per_second_max', value: ({ documentsPerSecond }) => documentsPerSecond.max },
  {
    name: 'input_tokens_per_second',
    head: 'tokens in/s',
    value: (s) => s.inputTokensPerSecond,
    show: (s) => whole(s.inputTokensPerSecond),
  },
  {
    name: 'output_tokens_per_second',
    head: 'tokens out/s',
    value: (s) => s.outputTokensPerSecond,
    show: (s) => whole(s.outputTokensPerSecond),
  },
  { name: 'tokenize_ms_per_document', value: ({ tokenizeMs }) => tokenizeMs },
  {
    name: 'prefill_ms_per_document',
    head: 'prefill ms',
    value: ({ prefillMs }) => prefillMs,
    show: (s) => fixed(s.prefillMs),
  },
  {
    name: 'decode_ms_per_document',
    head: 'decode ms',
    value: ({ decodeMs }) => decodeMs,
    show: (s) => fixed(s.decodeMs),
  },
  {
    name: 'roofline_share',
    head: 'roofline',
    value: ({ roofline }) => roofline?.median ?? null,
    show: ({ roofline }) => (roofline ? `${(100 * roofline.median).toFixed(0)}%` : ''),
  },
  {
    name: 'peak_memory_mib',
    head: 'peak MiB',
    value: ({ peakBytes }) => peakBytes / MEBI,
    show: ({ peakBytes }) => whole(peakBytes / MEBI),
  },
];

/** The columns that people see, as texts. */
export function shownTable(summaries: readonly Summary[]): { head: string[]; rows: string[][] } {
  const isVaried = ({ value }: Column) => new Set(summaries.map(value)).size > 1;
  const shown = COLUMNS.filter((column) => column.head !== undefined && (!column.ifVaried || isVaried(column)));
  return {
    head: shown.map(({ head }) => head!),
    rows: summaries.map((summary) =>
      shown.map(({ show, value }) => (show ? show(summary) : String(value(summary) ?? ''))),
    ),
  };
}

function fixed(value: number | null): string {
  if (value === null) return '';
  return value >= 1000 ? whole(value) : value.toFixed(2);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
