import { COLUMN_FIELDS, FUNCTION_FIELDS } from './columnRules.js';
import { JOB_FIELDS } from './rules.js';
import type { Fields } from './shapes.js';

/** The tables of src/jobs/README.md, made from the rules that check a spec. */
export function specReference(): string {
  const functions = Object.entries(FUNCTION_FIELDS).map(([name, fields]) => {
    const required = Object.keys(fields).filter((option) => fields[option].required);
    const optional = Object.keys(fields).filter((option) => !fields[option].required);
    const listed = (names: string[]) => names.map((option) => `\`${option}\``).join(', ');
    return `| \`${name}\` | ${listed(required)} | ${listed(optional)} |`;
  });
  return [
    table(rowsOf(JOB_FIELDS, '')),
    'Of each column:',
    table(rowsOf(COLUMN_FIELDS, 'columns[].')),
    'And the options of its function:',
    ['| function | needs | may have |', '|---|---|---|', ...functions].join('\n'),
  ].join('\n\n');
}

/** Options of functions are listed by function, the columns' own fields in a table of their own. */
const ELSEWHERE = ['columns', 'generation'];

function rowsOf(fields: Fields, above: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${above}${name}`;
    const inner =
      ELSEWHERE.includes(name) && above !== 'contract.input.' && above !== 'contract.output.'
        ? {}
        : (field.shape.fields ?? {});
    const standard = field.required ? 'required' : (field.default ?? '');
    const row = `| \`${path}\` | ${expectedOf(field.shape.expected)} | ${standard} | ${field.about} |`;
    const prefix = field.shape.expected.startsWith('a list') ? `${path}[].` : `${path}.`;
    return [row, ...rowsOf(inner, prefix)];
  });
}

/** Maps are told by the rows below theirs. */
function expectedOf(expected: string): string {
  return expected.replace(/a map with [\w, ]+/, 'a map').replaceAll('|', '\\|');
}

function table(rows: readonly string[]): string {
  return ['| field | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
