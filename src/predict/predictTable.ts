import type { Table } from '../table/table.js';
import type { ColumnInput } from './columns.js';
import { DEFAULT_COLUMN } from './texts/over.js';
import type { LoadOptions } from './types.js';
import { batchUdf } from './udf.js';
import type { Udf, UdfOptions } from './udfTypes.js';

export interface PredictTableOptions extends Omit<UdfOptions, keyof LoadOptions> {
  /** What is read of the table. */
  readonly text: ColumnInput;
  /** The name of the new column; `generated_summary` by default. */
  readonly column?: string;
}

/** The functions of one loaded model over tables: each call has workers of its own, which load the model again. */
export class TablePredictions {
  private readonly udfs: Udf[] = [];

  constructor(
    private readonly uri: string,
    private readonly load: LoadOptions,
  ) {}

  /** The table with the new column. Nothing is computed before it is written or collected. */
  async add(table: Table, { text, column = DEFAULT_COLUMN, ...options }: PredictTableOptions): Promise<Table> {
    const udf = await batchUdf(this.uri, { ...this.load, ...options });
    this.udfs.push(udf);
    return table.withColumn(column, udf(text));
  }

  async close(): Promise<void> {
    await Promise.all(this.udfs.map((udf) => udf.close()));
  }
}
