import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import type { WriteMode } from '../types.js';
import type { Action, MetaData, Protocol } from './actions.js';
import { deltaFields } from './fromArrow.js';
import { isDeltaFolder } from './logFolder.js';
import { openTable } from './open.js';
import { checkWritable, protocolFor, type WriteKind } from './protocol.js';
import { arrowSchema, type DeltaField, parseSchema, schemaString } from './schemaString.js';
import type { Snapshot } from './snapshot.js';

/** What a write will make of the table; nothing is written yet. */
export interface WritePlan {
  readonly table: string;
  readonly kind: WriteKind;
  /** Null if the table is made by this write. */
  readonly snapshot: Snapshot | null;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
  /** The new protocol and metadata, if they change. */
  readonly changes: readonly Action[];
}

export async function planWrite(table: string, schema: Schema, mode: WriteMode): Promise<WritePlan> {
  if (!isDeltaFolder(table)) return planCreation(table, schema, mode);
  if (mode === 'error') {
    throw new PrecisError('output', {
      found: `${table} exists`,
      expected: 'a table that is not there yet',
      action: 'choose to overwrite it or to append to it',
    });
  }
  const { snapshot, schema: present } = await openTable(table);
  const kind = mode === 'overwrite' ? 'overwrite' : 'append';
  checkWritable(snapshot, kind);
  const { partitionColumns } = snapshot.metaData;
  if (kind === 'append') return { table, kind, snapshot, schema: present, partitionColumns, changes: [] };
  const fields = replacedFields(snapshot, deltaFields(schema, table));
  return {
    table,
    kind,
    snapshot,
    schema: arrowSchema(fields, table),
    partitionColumns,
    changes: schemaChange(snapshot, fields),
  };
}

function planCreation(table: string, schema: Schema, mode: WriteMode): WritePlan {
  const there = fs.statSync(table, { throwIfNoEntry: false });
  if (there && (!there.isDirectory() || fs.readdirSync(table).length > 0)) {
    throw new PrecisError('output', {
      found: `${table} exists and is no Delta table`,
      expected: 'a Delta table, or a folder that is empty or not there',
      action: mode === 'error' ? undefined : 'remove it first',
    });
  }
  const fields = deltaFields(schema, table);
  const metaData: MetaData = {
    id: randomUUID(),
    format: { provider: 'parquet', options: {} },
    schemaString: schemaString(fields),
    partitionColumns: [],
    configuration: {},
    createdTime: Date.now(),
  };
  const changes = [{ protocol: protocolFor(fields, null) }, { metaData }];
  const schemaHere = arrowSchema(fields, table);
  return { table, kind: 'append', snapshot: null, schema: schemaHere, partitionColumns: [], changes };
}

/** The new columns; where one stays what it was, its comment and what else the table says of it stay too. */
function replacedFields({ metaData, table }: Snapshot, fields: readonly DeltaField[]): DeltaField[] {
  const old = parseSchema(metaData.schemaString, table);
  const lost = metaData.partitionColumns.filter((name) => !fields.some((field) => field.name === name));
  if (lost.length > 0) {
    throw new PrecisError('delta', {
      found: `the new rows have no column ${lost.join(', ')}`,
      expected: `the columns by which ${table} is partitioned`,
      action: 'keep those columns, or write to another table',
    });
  }
  return fields.map((field) => {
    const same = old.find(({ name }) => name === field.name);
    return same && JSON.stringify(same.type) === JSON.stringify(field.type) ? same : field;
  });
}

/** The actions that give the table these columns; none if it has them. */
export function schemaChange({ metaData, protocol, table }: Snapshot, fields: readonly DeltaField[]): Action[] {
  const text = schemaString(fields);
  if (text === schemaString(parseSchema(metaData.schemaString, table))) return [];
  const needed: Protocol = protocolFor(fields, protocol);
  return [...(needed === protocol ? [] : [{ protocol: needed }]), { metaData: { ...metaData, schemaString: text } }];
}
