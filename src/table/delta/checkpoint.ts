import fs from 'node:fs';
import path from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { openParquet } from '../parquet/parquetSource.js';
import { type Action, checkAction, parseActions } from './actions.js';
import type { Checkpoint } from './logFolder.js';
import { plainValue } from './plainValue.js';

/** What matters of a checkpoint; statistics in columns of their own stay unread. */
const COLUMNS = ['protocol', 'metaData', 'add', 'sidecar', 'txn'];
const SIDECARS = '_sidecars';

/** The actions of a checkpoint: classic in one or several parts, or of version 2 with its files listed beside it. */
export async function* readCheckpoint(checkpoint: Checkpoint, logFolder: string): AsyncIterable<Action[]> {
  const sidecars: string[] = [];
  for (const file of checkpoint.files) {
    for await (const actions of readActions(file)) {
      for (const { sidecar } of actions) {
        if (sidecar) sidecars.push(path.join(logFolder, SIDECARS, path.basename(sidecar.path)));
      }
      yield actions;
    }
  }
  for (const file of sidecars) yield* readActions(file);
}

async function* readActions(file: string): AsyncIterable<Action[]> {
  if (file.endsWith('.json')) {
    yield parseActions(fs.readFileSync(file, 'utf8'), file);
    return;
  }
  try {
    const source = await openParquet(file);
    const columns = COLUMNS.filter((name) => source.schema.fields.some((field) => field.name === name));
    for await (const batch of source.batches({ columns })) yield actionsOf(batch, columns, file);
  } catch (error) {
    throw new PrecisError('delta', {
      found: `the checkpoint ${file} cannot be read`,
      expected: 'a Parquet file with the actions of the log',
      action: 'restore it from a copy, or move it away if the log has all commits',
      details: [(error as Error).message],
      cause: error,
    });
  }
}

function actionsOf(batch: RecordBatch, columns: readonly string[], file: string): Action[] {
  const actions: Action[] = [];
  for (const name of columns) {
    const column = batch.getChild(name);
    for (let i = 0; i < batch.numRows; i++) {
      const value = column?.get(i);
      if (value !== null && value !== undefined) actions.push(checkAction({ [name]: plainValue(value) }, file));
    }
  }
  return actions;
}
