// A program that computes as soon as it is loaded, as a script does that names itself as the function's module.
import { Table, Utf8, vectorFromArray } from 'apache-arrow';
import { defineBatchFunction } from '../../../dist/src/predict/user/defineBatchFunction.js';

export const same = (batch) => batch.column('text');

const call = defineBatchFunction({ module: import.meta.url, export: 'same' }, { workers: 1 });
async function* batches() {
  yield new Table({ text: vectorFromArray(['a'], new Utf8()) }).batches[0];
}
for await (const { column } of call('text').evaluate(batches(), {})) console.log(column.get(0));
await call.close();
