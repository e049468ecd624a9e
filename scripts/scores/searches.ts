/**
 * Which search suits a trained model, by validation documents; what is chosen goes into its config.json (scripts/train/export.py):
 *   node dist/scripts/scores/searches.js models/precis-tiny [--documents 10]
 */
import { parseArgs } from 'node:util';
import type { GenerationOptions } from '../../src/index.js';
import { pairsByGenre } from './pairs.js';
import { summarized } from './summaries.js';

const BEAMS = { numBeams: 4, earlyStopping: true } as const;
const SEARCHES: Readonly<Record<string, GenerationOptions>> = {
  greedy: { numBeams: 1 },
  '2 beams': { ...BEAMS, numBeams: 2 },
  '4 beams': BEAMS,
  '4 beams, length penalty 2': { ...BEAMS, lengthPenalty: 2 },
  'greedy, no 3-gram twice': { numBeams: 1, noRepeatNgramSize: 3 },
  '4 beams, no 3-gram twice': { ...BEAMS, noRepeatNgramSize: 3 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { documents: { type: 'string', default: '10' } },
});
if (positionals.length !== 1) throw new Error('usage: searches MODEL [--documents N]');
const pairs = pairsByGenre('validation', 'summarize', Number(values.documents));
console.log('| search | ROUGE-1 | ROUGE-2 | ROUGE-L | faithful | seconds |\n|---|---|---|---|---|---|');
for (const [name, search] of Object.entries(SEARCHES)) {
  const began = performance.now();
  const { all } = await summarized(positionals[0], {}, pairs, search);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const cells = [all.rouge1, all.rouge2, all.rougeL, all.faithful].map((value) => value.toFixed(3));
  console.log(`| ${[name, ...cells, seconds].join(' | ')} |`);
}
