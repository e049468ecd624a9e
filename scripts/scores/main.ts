/**
 * Prints the scores of a trained model on the generator's test split, and examples, as markdown; with --card it also puts them between the marks of that file:
 *   node dist/scripts/scores/main.js models/precis-tiny [--documents 40] [--questions 300] [--card models/precis-tiny/README.md]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { examplesReport } from './examples.js';
import { scoresReport } from './report.js';

const USAGE = 'usage: scores MODEL [--documents N] [--questions N] [--card FILE]';
const ROOT = new URL('../../../', import.meta.url);

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      documents: { type: 'string', default: '40' },
      questions: { type: 'string', default: '300' },
      card: { type: 'string' },
    },
  });
  if (positionals.length !== 1) throw new Error(USAGE);
  const report = await scoresReport(positionals[0], {
    documents: count('documents', values.documents),
    questions: count('questions', values.questions),
    progress: (line) => console.error(line),
  });
  const examples = await examplesReport(positionals[0], ROOT);
  console.log(`${report}\n\n${examples}`);
  if (values.card !== undefined) fill(values.card, { scores: report, examples });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function count(name: string, value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Error(`--${name} ${value}: expected a whole number from 1\n${USAGE}`);
}

function fill(card: string, parts: Readonly<Record<string, string>>): void {
  let text = readFileSync(card, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const [first, last] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [begin, end] = [text.indexOf(first), text.indexOf(last)];
    if (begin < 0 || end < begin)
      throw new Error(`${card} has no lines ${first} and ${last} to put the ${name} between`);
    text = `${text.slice(0, begin + first.length)}\n\n${part}\n\n${text.slice(end)}`;
  }
  writeFileSync(card, text);
}
