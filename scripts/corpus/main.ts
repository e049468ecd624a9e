/**
 * Writes pairs of a split as JSON lines to stdout:
 *   node dist/scripts/corpus/main.js --split train --from 0 --count 1000 --least 60 --most 700 [--task summarize | --copies 0.5] [--genres 'contract,recall notice'] [--seed 1]
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { pairOf, type Task } from './pairs.js';
import { genresOf, type Split } from './splits.js';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'train' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000' },
    least: { type: 'string', default: '60' },
    most: { type: 'string', default: '700' },
    task: { type: 'string' },
    copies: { type: 'string', default: '0' },
    genres: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const lengths = { least: Number(values.least), most: Number(values.most) };
const genres = values.genres?.split(',');
const unknown = genres?.find((name) => !genresOf(values.split as Split).some((genre) => genre.name === name));
if (unknown !== undefined) throw new Error(`no genre ${JSON.stringify(unknown)} in the split ${values.split}`);
const tasks = { only: values.task as Task | undefined, copies: Number(values.copies), genres };
const from = Number(values.from);
for (let number = from; number < from + Number(values.count); number++) {
  const pair = pairOf(values.split as Split, number, Number(values.seed), lengths, tasks);
  if (!process.stdout.write(`${JSON.stringify(pair)}\n`)) await once(process.stdout, 'drain');
}
