/** `npm run demo`: writes sample.parquet here, adds a column of summaries to it with the command, and shows some rows. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readTable, tableFromBatches } from '../src/table/open.js';
import { DOCUMENTS } from './demo/documents.js';
import { sampleTable } from './demo/sampleTable.js';

const SAMPLE = 'sample.parquet';
const OUT = 'sample-summarized.parquet';
const SHOWN_ROWS = 3;
const PRECIS = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

async function demo(): Promise<number> {
  const batch = sampleTable();
  const table = tableFromBatches(batch.schema, async function* () {
    yield batch;
  });
  await table.write(SAMPLE, { mode: 'overwrite' });
  console.log(`${SAMPLE}: ${DOCUMENTS.length} rows with the columns ${batch.schema.names.join(', ')}\n`);

  const args = ['summarize', SAMPLE, '--text', 'document', '--out', OUT, '--overwrite'];
  console.log(`precis ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [PRECIS, ...args], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;

  const summarized = await readTable(OUT);
  for (const row of await summarized.select('title', 'kind', 'generated_summary').limit(SHOWN_ROWS).collect()) {
    console.log(`\n${row.title} (${row.kind})\n  ${row.generated_summary}`);
  }
  console.log(`
The default model takes the first three sentences of a text. To go on:
  node dist/src/cli/main.js summarize ${SAMPLE} --text document --out out.parquet --model builtin:textrank
  node dist/src/cli/main.js summarize ${SAMPLE} --text document --out out.jsonl --model DIR     (a T5 checkpoint folder)
  node dist/src/cli/main.js generate "One text. Or another." --json
  node dist/src/cli/main.js doctor
  npm link                                                                     (then it is called precis)`);
  return 0;
}

process.exitCode = await demo();
