// Reads a whole file of text and says how many rows it has and how much memory that took at most.
//   node readAndCount.mjs csv|jsonl FILE
import { openCsv } from '../../dist/src/table/textFiles/csv.js';
import { openJsonl } from '../../dist/src/table/textFiles/jsonl.js';

const [format, file] = process.argv.slice(2);
const source = await (format === 'csv' ? openCsv(file) : openJsonl(file));
let rows = 0;
for await (const batch of source.batches()) rows += batch.numRows;
console.log(JSON.stringify({ rows, peakBytes: process.resourceUsage().maxRSS * 1024 }));
