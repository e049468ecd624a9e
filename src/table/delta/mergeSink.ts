import { type RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { selectColumns, selectFields } from '../columns.js';
import { Updates } from '../merge/merge.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import type { Action, AddFile } from './actions.js';
import { commit } from './commit.js';
import { DataFile } from './dataFile.js';
import { deltaFields } from './fromArrow.js';
import { isDeltaFolder } from './logFolder.js';
import { openTable, readDataFile } from './open.js';
import { schemaChange } from './plan.js';
import { checkWritable } from './protocol.js';
import { removals } from './removals.js';
import { arrowSchema, type DeltaField, parseSchema } from './schemaString.js';
import type { Snapshot } from './snapshot.js';
import { transactionMark } from './transaction.js';

/** Writes columns back into rows that are found by key: only data files with rows that change are written anew. */
export async function createMergeSink(dir: string, source: Schema, options: WriteOptions): Promise<Sink> {
  if (!isDeltaFolder(dir)) {
    throw new PrecisError('output', { found: `${dir} is no Delta table`, expected: 'the table to merge into' });
  }
  const { snapshot, schema } = await openTable(dir);
  checkWritable(snapshot, 'merge');
  transactionMark(snapshot, options.transaction);
  const present = schema.fields.map(({ name }) => String(name));
  const lacking = source.fields.filter(({ name }) => !present.includes(name));
  const columns = [...(options.mergeColumns ?? lacking.map(({ name }) => String(name)))];
  checkPartitions(columns, snapshot);
  const added = lacking.filter(({ name }) => columns.includes(name));
  const fields = added.length > 0 ? deltaFields(new Schema(added), dir, present) : [];
  const nullable = fields.map((field) => ({ ...field, nullable: true }));
  const how = { key: options.mergeKey ?? [], columns, label: dir, added: arrowSchema(nullable, dir).fields };
  return new MergeSink(snapshot, new Updates(source, schema, how), nullable, options);
}

function checkPartitions(columns: readonly string[], { metaData, table }: Snapshot): void {
  const partitions = columns.filter((name) => metaData.partitionColumns.includes(name));
  if (partitions.length === 0) return;
  throw new PrecisError('usage', {
    found: `a merge that writes ${partitions.join(', ')}`,
    expected: `columns by which ${table} is not partitioned`,
  });
}

/** A data file that is written anew. */
interface Rewritten {
  readonly from: AddFile;
  readonly to: AddFile;
}

class MergeSink implements Sink {
  private readonly begun: DataFile[] = [];
  private readonly finished = new Set<DataFile>();
  private readonly schema: Schema;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly updates: Updates,
    private readonly added: readonly DeltaField[],
    private readonly options: WriteOptions,
  ) {
    this.schema = arrowSchema(this.tableFields(), snapshot.table);
  }

  async write(batch: RecordBatch): Promise<void> {
    this.options.signal?.throwIfAborted();
    this.updates.add(batch);
    this.options.onRows?.(this.updates.rows);
  }

  async publish(): Promise<WriteResult> {
    const { table, version } = this.snapshot;
    const { rows } = this.updates;
    try {
      const { files, changed } = await this.filesToRewrite();
      const rewritten: Rewritten[] = [];
      for (const file of files) rewritten.push({ from: file, to: await this.rewrite(file) });
      const actions = this.actions(rewritten);
      // Equal values everywhere: the table is what it should be.
      if (actions.length === 0) return { target: table, rows, version };
      this.options.signal?.throwIfAborted();
      const operation = { name: 'MERGE', parameters: this.parameters(), metrics: this.metrics(rewritten, changed) };
      const committed = commit({ table, readVersion: version, kind: 'merge', operation, actions });
      for (const file of this.begun) file.kept();
      return { target: table, rows, version: committed };
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  async abort(): Promise<void> {
    for (const file of this.begun.reverse()) await file.abort(this.finished.has(file));
  }

  private tableFields(): readonly DeltaField[] {
    const { metaData, table } = this.snapshot;
    return [...parseSchema(metaData.schemaString, table), ...this.added];
  }

  /** Reads only the key and the columns that may change; every update must have found its row before anything is written. */
  private async filesToRewrite(): Promise<{ files: AddFile[]; changed: number }> {
    const { key, columns } = this.updates.how;
    const names = this.schema.fields.map(({ name }) => String(name));
    const old = names.filter((name) => (key.includes(name) || columns.includes(name)) && !this.isNew(name));
    const schema = selectFields(this.schema, old);
    const pass = this.updates.pass();
    const files: AddFile[] = [];
    let changed = 0;
    for (const file of this.snapshot.files) {
      let inFile = 0;
      for await (const batch of this.rowsOf(file, schema)) inFile += pass.countChanges(batch);
      if (inFile > 0) files.push(file);
      changed += inFile;
    }
    pass.finish();
    return { files, changed };
  }

  private async rewrite(file: AddFile): Promise<AddFile> {
    const { table, metaData } = this.snapshot;
    const { partitionColumns } = metaData;
    const kept = this.schema.fields.map(({ name }) => String(name)).filter((name) => !partitionColumns.includes(name));
    const folder = { table, partitionColumns, partitionValues: file.partitionValues };
    const target = await DataFile.create(folder, this.begun.length, selectFields(this.schema, kept));
    this.begun.push(target);
    const pass = this.updates.pass();
    const old = this.schema.fields.map(({ name }) => String(name)).filter((name) => !this.isNew(name));
    for await (const batch of this.rowsOf(file, selectFields(this.schema, old))) {
      await target.write(selectColumns(pass.apply(batch), kept));
    }
    const added = await target.finish();
    this.finished.add(target);
    return added;
  }

  private rowsOf(file: AddFile, schema: Schema): AsyncIterable<RecordBatch> {
    const { table, metaData } = this.snapshot;
    return readDataFile(table, file, schema, metaData.partitionColumns, { signal: this.options.signal });
  }

  private isNew(name: string): boolean {
    return this.added.some((field) => field.name === name);
  }

  private actions(rewritten: readonly Rewritten[]): Action[] {
    const changes = this.added.length > 0 ? schemaChange(this.snapshot, this.tableFields()) : [];
    const marks = transactionMark(this.snapshot, this.options.transaction);
    return [
      ...changes,
      ...marks,
      ...removals(rewritten.map(({ from }) => from)),
      ...rewritten.map(({ to }) => ({ add: to })),
    ];
  }

  private parameters(): Record<string, string> {
    const { key, columns } = this.updates.how;
    return {
      predicate: key.map((name) => `(target.${name} = source.${name})`).join(' AND '),
      matchedPredicates: JSON.stringify([{ actionType: 'update' }]),
      updatedColumns: JSON.stringify(columns),
    };
  }

  private metrics(rewritten: readonly Rewritten[], changed: number): Record<string, string> {
    return {
      numSourceRows: String(this.updates.rows),
      numTargetRowsUpdated: String(changed),
      numTargetFilesAdded: String(rewritten.length),
      numTargetFilesRemoved: String(rewritten.length),
    };
  }
}
