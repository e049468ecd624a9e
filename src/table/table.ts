import type { RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { batchOf } from './columns.js';
import { extended, filtered, limited, picked, selected } from './derive.js';
import { refuseOwnInput } from './output/ownInput.js';
import { checkWriteOptions } from './output/writeOptions.js';
import { plainRow, type Row, rowsOf } from './record.js';
import { sampleRows } from './sampleRows.js';
import { deltaFolder, openSink } from './sinks.js';
import type { ColumnExpression, FilePart, ReadRequest, Source, WriteOptions, WriteResult } from './types.js';
import { warehousePath } from './warehouse.js';

/**
 * A table: a schema and a stream of record batches. Nothing is read or computed before rows are asked for; each pass starts anew.
 * What derives a table from a table returns a new one.
 */
export class Table implements Source {
  constructor(
    private readonly source: Source,
    /** The columns that withColumn added, in their order. */
    readonly addedColumns: readonly string[] = [],
  ) {}

  /** As the user would name it. */
  get label(): string {
    return this.source.label;
  }

  get schema(): Schema {
    return this.source.schema;
  }

  get files(): readonly string[] {
    return this.source.files;
  }

  /** Of a Delta table: the one that is read. */
  get version(): number | undefined {
    return this.source.version;
  }

  /** If it is known without reading; else see count. */
  get rows(): number | undefined {
    return this.source.rows;
  }

  /** Which file each row is of; empty where that is not known: see Source. */
  async parts(): Promise<readonly FilePart[]> {
    return (await this.source.parts?.()) ?? [];
  }

  batches(request: ReadRequest = {}): AsyncIterable<RecordBatch> {
    return this.source.batches(request);
  }

  select(...names: string[]): Table {
    return new Table(
      selected(this.source, names),
      this.addedColumns.filter((name) => names.includes(name)),
    );
  }

  /** The rows for which the function returns true. */
  filter(accepts: (row: Row) => boolean): Table {
    return new Table(filtered(this.source, accepts), this.addedColumns);
  }

  limit(rows: number): Table {
    return new Table(limited(this.source, count('limit', rows)), this.addedColumns);
  }

  /** n rows chosen at random, in the order of the table. The same seed chooses the same. */
  sample(n: number, seed = 0): Table {
    count('sample', n);
    count('seed', seed);
    const { source } = this;
    const draw = async () => picked(source, sampleRows(await this.count(), n, seed));
    const rows = source.rows === undefined ? undefined : Math.min(n, source.rows);
    const batches = async function* (request: ReadRequest = {}): AsyncGenerator<RecordBatch> {
      yield* (await draw()).batches(request);
    };
    const { label, schema, files, version } = source;
    return new Table({ label, schema, files, version, rows, batches }, this.addedColumns);
  }

  /** With a new column, the last; a column of that name is replaced. */
  withColumn(name: string, expression: ColumnExpression): Table {
    const added = this.addedColumns.filter((other) => other !== name);
    return new Table(extended(this.source, name, expression), [...added, name]);
  }

  async count(): Promise<number> {
    if (this.rows !== undefined) return this.rows;
    let rows = 0;
    const narrowest = this.schema.fields.slice(0, 1).map((field) => String(field.name));
    for await (const batch of this.batches({ columns: narrowest })) rows += batch.numRows;
    return rows;
  }

  /** All rows as objects. */
  async collect(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const batch of this.batches()) for (const row of rowsOf(batch)) rows.push(plainRow(row));
    return rows;
  }

  /**
   * Writes to a file, to a Delta table by its folder or name, or to `-`, standard output. Nothing is to be seen there before all rows
   * are. A merge writes the new columns back into rows that are found by key, also of the table that was read.
   */
  async write(target: string, options: WriteOptions = {}): Promise<WriteResult> {
    checkWriteOptions(options);
    if (target !== '-' && options.mode !== 'merge')
      refuseOwnInput(target, deltaFolder(target, options) ?? target, this.files);
    const mergeColumns = options.mergeColumns ?? (this.addedColumns.length > 0 ? this.addedColumns : undefined);
    const sink = await openSink(target, this.schema, { ...options, mergeColumns });
    try {
      for await (const batch of this.batches({ signal: options.signal })) {
        // The very schema of the table: a batch may lack its metadata.
        await sink.write(batchOf(this.schema, batch.data.children, batch.numRows));
      }
      options.signal?.throwIfAborted();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return sink.publish();
  }

  /** Writes to a table of the warehouse by its name of three parts. */
  async saveAsTable(name: string, options: WriteOptions = {}): Promise<WriteResult> {
    if (warehousePath(name) !== null) return this.write(name, { ...options, format: undefined });
    throw new PrecisError('usage', {
      found: `${JSON.stringify(name)} is no name of a table`,
      expected: 'three names with dots between, such as main.default.documents',
    });
  }
}

function count(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new PrecisError('usage', { found: `${what} is ${value}`, expected: 'a whole number of at least 0' });
}
