import type { RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { batchOf } from '../columns.js';
import { castTo } from './cast.js';

/** Turns batches of one schema into the table's columns; refuses, by name, columns that differ by more than an exact conversion. */
export function conformer(from: Schema, to: Schema, table: string): (batch: RecordBatch) => RecordBatch {
  const problems: string[] = [];
  const steps = to.fields.map((field) => {
    const at = from.fields.findIndex(({ name }) => name === field.name);
    if (at < 0) problems.push(`${field.name} is missing`);
    const rules = { dropFields: false, cutNanoseconds: false, where: `column ${field.name}` };
    const cast = at < 0 ? null : castTo(from.fields[at].type, field.type, rules);
    if (at >= 0 && !cast) problems.push(`${field.name} is ${from.fields[at].type} and not ${field.type}`);
    return { at, cast, field };
  });
  for (const { name } of from.fields) {
    if (!to.fields.some((field) => field.name === name)) problems.push(`${name} is not in the table`);
  }
  if (problems.length > 0) {
    throw new PrecisError('delta', {
      found: `the columns to write differ from those of ${table}: ${problems.slice(0, 5).join('; ')}`,
      expected: `${to.fields.map(({ name, type }) => `${name} ${type}`).join(', ')}`,
      action: 'cast, add or leave out those columns, overwrite the table, or merge to add a column',
      details: problems,
    });
  }
  return (batch) => {
    const children = steps.map(({ at, cast, field }) => {
      const child = cast!(batch.data.children[at]);
      if (!field.nullable && child.nullCount > 0) throw nullProblem(field.name, table);
      return child;
    });
    return batchOf(to, children, batch.numRows);
  };
}

function nullProblem(name: string, table: string): PrecisError {
  return new PrecisError('delta', {
    found: `column ${name} holds null`,
    expected: `a value in each row, as ${table} demands of it`,
    action: 'leave out such rows or fill them',
  });
}
