import { DataType, type Field, type Schema } from 'apache-arrow';
import { nearestName, PrecisError } from '../../errors.js';
import { isText } from '../../table/columns.js';
import type { ColumnContract, JobSpec } from '../types.js';
import { isOfType } from './typeNames.js';

/** The columns that a contract and the key name, before anything runs: that they are there and of what type. `label` names the table. */
export function checkInputSchema(spec: Pick<JobSpec, 'input' | 'key'>, schema: Schema, label: string): void {
  const problems = columnProblems(spec.input.columns, schema, label);
  for (const name of spec.key) {
    if (Object.hasOwn(spec.input.columns, name) || fieldOf(schema, name)) continue;
    problems.push(missing(name, schema, label));
  }
  throwProblems(problems, label);
}

/** The same for what is about to be published. */
export function checkResultSchema(spec: Pick<JobSpec, 'result'>, schema: Schema, label: string): void {
  throwProblems(columnProblems(spec.result.columns, schema, label), label);
}

/** One line by itself, or several as details of one error. */
export function throwProblems(problems: readonly string[], label: string): void {
  if (problems.length === 0) return;
  if (problems.length === 1) throw new PrecisError('contract', { found: problems[0] });
  throw new PrecisError('contract', {
    found: `${label} breaks its contract in ${problems.length} ways`,
    details: problems,
  });
}

function columnProblems(columns: Readonly<Record<string, ColumnContract>>, schema: Schema, label: string): string[] {
  return Object.entries(columns).flatMap(([name, contract]) => {
    const field = fieldOf(schema, name);
    return field ? typeProblems(field, contract, label) : [missing(name, schema, label)];
  });
}

function typeProblems({ name, type }: Field, contract: ColumnContract, label: string): string[] {
  const problems: string[] = [];
  // Of a column without a value, files often do not tell the type; whether it may have none is told by maxNullShare.
  if (contract.type !== null && !DataType.isNull(type) && !isOfType(type, contract.type)) {
    problems.push(`column ${name} of ${label} is of type ${type}, expected ${contract.type}`);
  }
  const hasLengths = contract.minLength !== null || contract.maxLength !== null;
  if (hasLengths && !isText(type) && !DataType.isList(type) && !DataType.isNull(type)) {
    problems.push(`column ${name} of ${label} is of type ${type}, which has no length, expected text or a list`);
  }
  return problems;
}

function missing(name: string, schema: Schema, label: string): string {
  const names = schema.fields.map((field) => String(field.name));
  const nearest = nearestName(name, names);
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `${label} has no column ${JSON.stringify(name)}, expected one of ${names.join(', ')}${hint}`;
}

function fieldOf(schema: Schema, name: string): Field | undefined {
  return schema.fields.find((field) => field.name === name);
}
