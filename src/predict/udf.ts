import type { RecordBatch } from 'apache-arrow';
import { SHIPPED_MODEL } from '../engine/builtin/shippedModel.js';
import { compiledModule } from '../files/compiled.js';
import { type ColumnInput, textInput } from './columns.js';
import { prepareModel } from './prepareModel.js';
import { over } from './texts/over.js';
import { arrowType } from './texts/resultType.js';
import { TextExpressions } from './texts/textExpressions.js';
import { UdfCounter } from './texts/udfCounter.js';
import { sortOptions } from './udfOptions.js';
import type { OverOptions, Udf, UdfOptions } from './udfTypes.js';

/**
 * A model as a function over columns of text, as `mlflow.pyfunc.spark_udf` gives one. The model is checked and converted here; its workers start when
 * a table with the function's column is first written or collected, and serve all its passes until `close`. Without a URI the built-in model.
 */
export async function batchUdf(uri: string = SHIPPED_MODEL, options: UdfOptions = {}): Promise<Udf> {
  const sorted = sortOptions(uri, options);
  const { precision } = await prepareModel(sorted.worker);
  const counter = new UdfCounter(precision, options.onProgress);
  const { worker, pool, size } = sorted;
  const module = compiledModule('./texts/textFunction.js', import.meta.url).href;
  const spec = { module, exportName: 'openTextFunction', options: worker };
  const expressions = new TextExpressions({ spec, type: arrowType(worker.resultType), pool, size, options, counter });
  const udf = (input: ColumnInput) => expressions.expression(textInput(input));
  const { stats } = counter;
  const close = () => expressions.close();
  const overRows = (rows: AsyncIterable<RecordBatch>, how?: OverOptions) => over(udf, rows, how);
  return Object.assign(udf, { stats, over: overRows, close, [Symbol.asyncDispose]: close }) as Udf;
}
