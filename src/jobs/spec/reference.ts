import { COLUMN_FIELDS, FUNCTION_FIELDS, GENERATION_FIELDS } from './columnRules.js';
import { JOB_FIELDS } from './rules.js';
import type { Fields } from './shapes.js';

/** The tables of src/jobs/README.md, made from the rules that check a spec: a test holds the page to them. */
export function specReference(): string {
  const generation = Object.entries(GENERATION_FIELDS).map(([name, { shape }]) => `\`${name}\` (${shape.expected})`);
  return [
    table(rowsOf(JOB_FIELDS, '')),
    'Of each column:',
    table(rowsOf(COLUMN_FIELDS, 'columns[].')),
    'And, in the same place, the options of its function:',
    ['| function | needs | may have |', '|---|---|---|', ...Object.entries(FUNCTION_FIELDS).map(functionRow)].join(
      '\n',
    ),
    `Options of generation: ${generation.join(', ')}.`,
  ].join('\n\n');
}

function functionRow([name, fields]: readonly [string, Fields]): string {
  const options = Object.keys(fields).filter((option) => !Object.hasOwn(GENERATION_FIELDS, option));
  const listed = (wanted: boolean) =>
    options.filter((option) => Boolean(fields[option].required) === wanted).map((option) => `\`${option}\``);
  const missing = Object.keys(GENERATION_FIELDS).filter((option) => !Object.hasOwn(fields, option));
  const without = missing.length > 0 ? ` without \`${missing.join('`, `')}\`` : '';
  const generates = Object.hasOwn(fields, 'numBeams') ? [`those of generation${without}`] : [];
  return `| \`${name}\` | ${listed(true).join(', ')} | ${[...listed(false), ...generates].join(', ')} |`;
}

/** Columns have a table of their own, generation a list. */
const ELSEWHERE = ['columns', 'generation'];

function rowsOf(fields: Fields, above: string): string[] {
  return Object.entries(fields).flatMap(([name, { shape, required, default: standard = '', about }]) => {
    const path = `${above}${name}`;
    const row = `| \`${path}\` | ${worded(shape.expected)} | ${required ? 'required' : standard} | ${about} |`;
    const inner = ELSEWHERE.includes(path.replace('columns[].', '')) ? {} : (shape.fields ?? {});
    const step = shape.schema.type === 'array' || /or a list, each of it a map/.test(shape.expected) ? '[]' : '';
    const named = shape.expected.startsWith('a map of names') ? '.NAME' : '';
    return [row, ...rowsOf(inner, `${path}${step}${named}.`)];
  });
}

/** Shorter than in a message: the page says once how counts are written, and maps are told by the rows below theirs. */
function worded(expected: string): string {
  return expected
    .replace(/a map with [\w, ]+/, 'a map')
    .replaceAll('a text, not empty', 'a text')
    .replace(/a whole number, such as [^a]+, at least (-?\d+)/, 'a count of at least $1')
    .replace('seconds, or a time such as 45s, 90m, 1h30m or 2d', 'a time')
    .replaceAll('|', '\\|');
}

function table(rows: readonly string[]): string {
  return ['| field | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
