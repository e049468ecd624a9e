// A program of a user's, run by tests in a process of its own: opens a pool, does what it is told, and says what happens, one JSON a line.
//   node program.mjs ISOLATION WHAT [FOLDER]
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openPool } from '../../../dist/src/pool/pool.js';
import { textBatch } from './batches.mjs';

const [isolation, what, folder] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const onEvent = (event) => event.kind !== 'progress' && say(event);

const FUNCTIONS = {
  'flat memory': 'openUpper',
  'until cancelled': 'openUntilCancelled',
  abandoned: 'openUpper',
  closed: 'openUpper',
  interrupted: 'openTroubled',
  'exit at work': 'openStretches',
  'close at work': 'openStretches',
};
const spec = {
  module: new URL('./functions.mjs', import.meta.url).href,
  exportName: FUNCTIONS[what],
  options: { folder, rowMs: what === 'interrupted' ? 5 : 0 },
};
const pool = await openPool(spec, { workers: 2, isolation, onEvent });

if (what === 'closed' || what === 'abandoned') {
  for await (const { partition } of pool.map([textBatch(['a']), textBatch(['b'])])) say({ partition });
  if (what === 'closed') await pool.close();
  say({ timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout') });
}

if (what.endsWith('at work')) {
  const answers = pool.map([textBatch(['a'])])[Symbol.asyncIterator]();
  answers.next().catch(() => {});
  while (!existsSync(path.join(folder, 'begun_2'))) await sleep(1);
  if (what === 'exit at work') process.exit(3);
  await pool.close();
}

if (what === 'until cancelled') {
  for await (const { partition } of pool.map([textBatch(['a']), textBatch(['b'])])) say({ partition });
}

if (what === 'interrupted') {
  // The parent decides: it finishes what it has begun.
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
  });
  const partitions = Array.from({ length: 40 }, (_, index) => textBatch([`row ${index}`]));
  let answers = 0;
  for await (const answer of pool.map(partitions)) answers += answer.batch.numRows;
  await pool.close();
  say({ answers, interrupted });
}

if (what === 'flat memory') {
  // A hundred times more than the heap and the window of this process hold, taken slowly.
  const text = 'x'.repeat(1 << 20);
  let pulled = 0;
  let most = 0;
  function* source() {
    for (; pulled < 400; pulled++) yield textBatch([text]);
  }
  let rows = 0;
  for await (const { batch } of pool.map(source())) {
    rows += batch.numRows;
    await sleep(2);
    const { rss } = process.memoryUsage();
    if (rows > 50) most = Math.max(most, rss);
    if (rows === 50) say({ rss });
  }
  say({ rows, rss: most });
  await pool.close();
}
