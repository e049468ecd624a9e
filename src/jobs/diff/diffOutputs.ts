import type { Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { requireColumn } from '../../table/columns.js';
import type { Table } from '../../table/table.js';
import { diffByKey } from './byKey.js';
import { diffByNumber } from './byNumber.js';
import { Tally } from './tally.js';
import type { DiffOptions, DiffResult, SchemaDifference } from './types.js';

const SHOWN = 20;

/** Compares two tables: by key with a few numbers a row of `a` in memory, by row number with none. */
export async function diffOutputs(a: Table, b: Table, options: DiffOptions = {}): Promise<DiffResult> {
  const { key = [], show = SHOWN, signal } = options;
  for (const name of [...key, ...(options.columns ?? [])]) {
    requireColumn(a.schema, name, a.label);
    requireColumn(b.schema, name, b.label);
  }
  const columns =
    options.columns ?? namesOf(a.schema).filter((name) => namesOf(b.schema).includes(name) && !key.includes(name));
  if (columns.length === 0) {
    throw new PrecisError('column', {
      found: `${a.label} and ${b.label} have no columns in common${key.length > 0 ? ' but the key' : ''}`,
      expected: 'at least one to compare',
    });
  }
  const tally = new Tally(columns, show);
  const compared = { columns, key, tally, signal };
  const rows = await (key.length === 0 ? diffByNumber(a, b, compared) : diffByKey(a, b, compared));
  const schema = schemaDifferences(a.schema, b.schema);
  return {
    a: { label: a.label, rows: rows.a },
    b: { label: b.label, rows: rows.b },
    key,
    columns,
    same: schema.length === 0 && tally.isEqual,
    rows: tally.rows,
    changed_by_column: tally.byColumn,
    schema,
    shown: tally.shown,
  };
}

function schemaDifferences(a: Schema, b: Schema): SchemaDifference[] {
  const types = (schema: Schema) => new Map(schema.fields.map((field) => [String(field.name), String(field.type)]));
  const [ofA, ofB] = [types(a), types(b)];
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .map((column) => ({ column, a: ofA.get(column) ?? null, b: ofB.get(column) ?? null }))
    .filter((difference) => difference.a !== difference.b);
}

function namesOf(schema: Schema): string[] {
  return schema.fields.map((field) => String(field.name));
}
