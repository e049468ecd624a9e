/** Writes scripts/demo/sample.parquet again, after the corpus generator has changed: node dist/scripts/demo/make-sample.js */
import { tableFromBatches } from '../../src/table/open.js';
import { SAMPLE } from './sample.js';
import { sampleTable } from './sampleTable.js';

const batch = sampleTable();
const table = tableFromBatches(batch.schema, async function* () {
  yield batch;
});
await table.write(SAMPLE, { mode: 'overwrite' });
console.log(`${SAMPLE}: ${batch.numRows} rows`);
