import { PrecisError } from '../../errors.js';
import { textSetting } from '../../predict/udfOptions.js';
import type { ColumnSpec } from '../types.js';
import { DEFAULT_FIELDS, FUNCTION_FIELDS } from './columnRules.js';
import type { ReadColumn } from './columnShape.js';
import { joined, type SpecNode } from './node.js';
import { isGiven, placeOf } from './placeOf.js';
import type { Problems } from './problems.js';

type Values = Readonly<Record<string, unknown>>;

const COLUMN = 'generated_summary';

/** The job's columns with all their options: what the job says for all of them is in each. */
export function buildColumns(form: Values, root: SpecNode, problems: Problems): ColumnSpec[] {
  const given = form.columns as readonly ReadColumn[] | undefined;
  if (given && form.column !== undefined) {
    problems.add(placeOf(root, 'column'), 'column and columns are given', 'one of them', 'name the column in columns');
  }
  if (!given && isGiven(root, 'columns')) return [];
  const single = { node: root, name: (form.column as string) ?? COLUMN, fn: 'summarize' as const };
  const columns = given ?? [{ ...single, text: undefined, model: undefined, generation: {}, options: {} }];
  const common = commonOptions(form);
  refuseIdle(common, columns, root, problems);
  refuseEqualNames(columns, problems);
  return columns.map((column) => buildColumn(column, common, { form, root }, problems));
}

interface Job {
  readonly form: Values;
  readonly root: SpecNode;
}

function buildColumn(column: ReadColumn, common: Values, job: Job, problems: Problems): ColumnSpec {
  const { node, name, fn } = column;
  const known = FUNCTION_FIELDS[fn];
  for (const option of Object.keys(column.generation)) {
    if (Object.hasOwn(known, option)) continue;
    problems.add(
      placeOf(node, `generation.${option}`),
      `${joined(node.path, `generation.${option}`)} is no option of ${fn}`,
    );
  }
  const taken = Object.entries(common).filter(([option]) => Object.hasOwn(known, option));
  const options: Values = { ...Object.fromEntries(taken), ...column.generation, ...column.options };
  if (fn === 'summarize' || fn === 'query') refuseContradiction(options, column, problems);
  const text = textOf(column, job, problems);
  return { name, fn, text, model: column.model ?? null, options: fn === 'module' ? moduleOptions(options) : options };
}

function textOf({ node, fn, text }: ReadColumn, { form, root }: Job, problems: Problems): string | readonly string[] {
  const texts = text ?? (form.text === undefined ? [] : [form.text as string]);
  if (texts.length === 0 && !isGiven(root, 'text')) {
    problems.add(
      node.place,
      `${joined(node.path, 'text')} is missing`,
      fn === 'module' ? 'the columns that it is given' : 'the column of texts',
    );
  }
  if (fn === 'module') return texts;
  if (texts.length > 1)
    problems.add(
      placeOf(node, 'text'),
      `${joined(node.path, 'text')} names ${texts.length} columns`,
      `one: ${fn} reads a single one`,
    );
  return texts[0] ?? '';
}

function moduleOptions(options: Values): Values {
  return { exportName: 'default', resultType: 'string', ...options };
}

function commonOptions(form: Values): Values {
  const names = Object.keys(DEFAULT_FIELDS).filter((name) => form[name] !== undefined);
  return { ...Object.fromEntries(names.map((name) => [name, form[name]])), ...(form.generation as object | undefined) };
}

/** What no column's function takes would be silently without effect. */
function refuseIdle(common: Values, columns: readonly ReadColumn[], root: SpecNode, problems: Problems): void {
  for (const name of Object.keys(common)) {
    if (columns.some(({ fn }) => Object.hasOwn(FUNCTION_FIELDS[fn], name))) continue;
    const path = Object.hasOwn(DEFAULT_FIELDS, name) ? name : `generation.${name}`;
    const functions = [...new Set(columns.map(({ fn }) => fn))].join(', ');
    problems.add(
      placeOf(root, path),
      `${path} is given`,
      `a column whose function takes it: here is only ${functions}`,
    );
  }
}

function refuseEqualNames(columns: readonly ReadColumn[], problems: Problems): void {
  const seen = new Set<string>();
  for (const { name, node } of columns) {
    if (seen.has(name))
      problems.add(placeOf(node, 'name'), `a second column ${JSON.stringify(name)}`, 'a name of its own');
    seen.add(name);
  }
}

function refuseContradiction(options: Values, { node }: ReadColumn, problems: Problems): void {
  const { instruction, ...setting } = options;
  try {
    textSetting(setting);
  } catch (error) {
    if (!(error instanceof PrecisError)) throw error;
    problems.add(node.place, `${node.path === '' ? '' : `${node.path}: `}${error.what}`);
  }
}
