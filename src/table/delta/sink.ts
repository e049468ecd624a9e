import type { RecordBatch, Schema } from 'apache-arrow';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import type { Action, AddFile } from './actions.js';
import { commit, type Operation } from './commit.js';
import { conformer } from './conform.js';
import { DataFiles } from './dataFiles.js';
import { createMergeSink } from './mergeSink.js';
import { planWrite, type WritePlan } from './plan.js';
import { removals } from './removals.js';
import { transactionMark } from './transaction.js';

/** Makes, appends to, overwrites or merges into the table in that folder: data files first, then one commit. */
export async function createDeltaSink(dir: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  if (options.mode === 'merge') return createMergeSink(dir, schema, options);
  const plan = await planWrite(dir, schema, options.mode ?? 'error');
  const marks = transactionMark(plan.snapshot, options.transaction);
  return new DeltaSink(plan, conformer(schema, plan.schema, dir), options, marks);
}

class DeltaSink implements Sink {
  private readonly files: DataFiles;

  constructor(
    private readonly plan: WritePlan,
    private readonly conform: (batch: RecordBatch) => RecordBatch,
    private readonly options: WriteOptions,
    private readonly marks: readonly Action[],
  ) {
    this.files = new DataFiles(plan.table, plan.schema, plan.partitionColumns);
  }

  async write(batch: RecordBatch): Promise<void> {
    this.options.signal?.throwIfAborted();
    await this.files.write(this.conform(batch));
    this.options.onRows?.(this.files.rows);
  }

  async publish(): Promise<WriteResult> {
    const { table, kind, snapshot, changes } = this.plan;
    try {
      const added = await this.files.finish();
      this.options.signal?.throwIfAborted();
      const removed = kind === 'overwrite' ? removals(snapshot?.files ?? []) : [];
      const version = commit({
        table,
        readVersion: snapshot?.version ?? -1,
        kind,
        operation: this.operation(added),
        actions: [...changes, ...this.marks, ...removed, ...added.map((add) => ({ add }))],
      });
      this.files.kept();
      return { target: table, rows: this.files.rows, version };
    } catch (error) {
      await this.files.abort();
      throw error;
    }
  }

  abort(): Promise<void> {
    return this.files.abort();
  }

  private operation(added: readonly AddFile[]): Operation {
    const { snapshot, kind, partitionColumns } = this.plan;
    const mode = snapshot === null ? 'ErrorIfExists' : kind === 'overwrite' ? 'Overwrite' : 'Append';
    return {
      name: 'WRITE',
      parameters: { mode, partitionBy: JSON.stringify(partitionColumns) },
      metrics: {
        numFiles: String(added.length),
        numOutputRows: String(this.files.rows),
        numOutputBytes: String(added.reduce((sum, { size }) => sum + size, 0)),
      },
    };
  }
}
