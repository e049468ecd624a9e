import type { Data, RecordBatch, Schema } from 'apache-arrow';
import { Schema as ArrowSchema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { batchOf } from '../columns.js';
import { batchBytes } from '../data/batchBytes.js';
import { Gather } from '../data/gather.js';
import type { AddFile } from './actions.js';
import { DataFile } from './dataFile.js';
import { rawValue, valueText } from './rawValues.js';

/** A file is closed when it has about so many bytes of uncompressed rows, so that a later merge rewrites little. */
const FILE_BYTES = 256 * 1024 * 1024;
/** Each open file holds rows in memory; of more partitions than these, the one that waited longest is closed. */
const MOST_OPEN = 16;

interface OpenFile {
  readonly file: DataFile;
  bytes: number;
}

type PartitionValues = Readonly<Record<string, string | null>>;

/** Spreads rows over new data files, by partition if the table has any. */
export class DataFiles {
  private readonly open = new Map<string, OpenFile>();
  private readonly all: DataFile[] = [];
  private readonly added = new Map<DataFile, AddFile>();
  private readonly partitionAt: readonly number[];
  private readonly fileAt: readonly number[];
  private readonly fileSchema: Schema;
  rows = 0;

  constructor(
    private readonly table: string,
    private readonly schema: Schema,
    private readonly partitionColumns: readonly string[],
  ) {
    const columns = schema.fields.map((_, i) => i);
    this.partitionAt = partitionColumns.map((name) => schema.fields.findIndex((field) => field.name === name));
    this.fileAt = columns.filter((i) => !this.partitionAt.includes(i));
    this.fileSchema = new ArrowSchema(this.fileAt.map((i) => schema.fields[i]));
  }

  /** Rows with all of the table's columns. */
  async write(batch: RecordBatch): Promise<void> {
    this.rows += batch.numRows;
    if (this.partitionAt.length === 0) return this.writeTo('', {}, batch.data.children);
    for (const { key, values, rows } of this.partitionsOf(batch)) {
      const columns = this.fileAt.map((i) => pick(batch.data.children[i], rows));
      await this.writeTo(key, values, columns);
    }
  }

  /** The files in the order in which they were begun. */
  async finish(): Promise<AddFile[]> {
    for (const key of [...this.open.keys()]) await this.close(key);
    return this.all.map((file) => this.added.get(file)!);
  }

  /** To be called when the commit is made. */
  kept(): void {
    for (const file of this.all) file.kept();
  }

  async abort(): Promise<void> {
    for (const file of this.all.reverse()) await file.abort(this.added.has(file));
  }

  private async writeTo(key: string, values: PartitionValues, columns: readonly Data[]): Promise<void> {
    const length = columns[0]?.length ?? 0;
    if (length === 0) return;
    const target = this.open.get(key) ?? (await this.create(key, values));
    // The newest at the end: what stands first has waited longest.
    this.open.delete(key);
    this.open.set(key, target);
    const batch = batchOf(this.fileSchema, columns, length);
    await target.file.write(batch);
    target.bytes += batchBytes(batch);
    if (target.bytes >= FILE_BYTES) await this.close(key);
  }

  private async create(key: string, partitionValues: PartitionValues): Promise<OpenFile> {
    if (this.open.size >= MOST_OPEN) await this.close(this.open.keys().next().value!);
    const folder = { table: this.table, partitionColumns: this.partitionColumns, partitionValues };
    const file = await DataFile.create(folder, this.all.length, this.fileSchema);
    this.all.push(file);
    const target = { file, bytes: 0 };
    this.open.set(key, target);
    return target;
  }

  private async close(key: string): Promise<void> {
    const { file } = this.open.get(key)!;
    this.open.delete(key);
    this.added.set(file, await file.finish());
  }

  private partitionsOf(batch: RecordBatch): Iterable<{ key: string; values: PartitionValues; rows: number[] }> {
    const found = new Map<string, { key: string; values: PartitionValues; rows: number[] }>();
    for (let row = 0; row < batch.numRows; row++) {
      const texts = this.partitionAt.map((at) => this.partitionText(batch.data.children[at], row, at));
      const key = JSON.stringify(texts);
      const entry = found.get(key);
      if (entry) entry.rows.push(row);
      else found.set(key, { key, values: named(this.partitionColumns, texts), rows: [row] });
    }
    return found.values();
  }

  private partitionText(data: Data, row: number, at: number): string | null {
    const { name, type } = this.schema.fields[at];
    const value = rawValue(data, row);
    const text = value === null ? null : valueText(value, type);
    if (value === null || (text !== null && text !== '')) return text;
    throw new PrecisError('delta', {
      found: `partition column ${name} has ${text === '' ? 'an empty text' : 'a time outside of the years 0001 to 9999'}`,
      expected: 'values that a Delta table can partition by',
      action: 'an empty text would be read back as null: write null or another text',
    });
  }
}

function named(columns: readonly string[], texts: readonly (string | null)[]): PartitionValues {
  return Object.fromEntries(columns.map((name, i) => [name, texts[i]]));
}

function pick(column: Data, rows: readonly number[]): Data {
  if (rows.length === column.length) return column;
  const picked = new Gather(column);
  for (const row of rows) picked.add(column, row);
  return picked.finish();
}
