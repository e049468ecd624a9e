/**
 * Milliseconds a decoder step, by mode and number of rows, on one core:
 *   node dist/bench/decode-step.js [CHECKPOINT] [--rows 8,16,32,48,64] [--tokens 432] [--new-tokens 60]
 */
import { parseArgs } from 'node:util';
import { openEngine } from '../src/engine/index.js';
import { phasesBetween } from '../src/measure/phases.js';
import { folders, makeCheckpoint } from './models.js';
import { DEFAULT_CACHE } from './options.js';
import { MODES, type Mode } from './scaling.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '8,16,32,48,64' },
    tokens: { type: 'string', default: '432' },
    'new-tokens': { type: 'string', default: '60' },
  },
});
const newTokens = Number(values['new-tokens']);
const where = folders(DEFAULT_CACHE);
if (positionals.length === 0) await makeCheckpoint(where, undefined);
const checkpoint = positionals[0] ?? where.checkpoint;
process.env.PRECIS_HOME ??= where.home;

/** All documents are equally long and start together, so that every step has all its rows. */
function equalDocuments(count: number, tokens: number) {
  return Array.from({ length: count }, (_, row) => {
    const ids = Int32Array.from({ length: tokens }, (_, i) =>
      i === tokens - 1 ? 1 : 3 + ((row * 7919 + i * 104_729) % 31_000),
    );
    return { ids, truncated: false };
  });
}

async function measure(mode: Mode, rows: number): Promise<string> {
  const engine = await openEngine(checkpoint, { precision: mode.precision, batchRows: rows });
  const options = { numBeams: mode.beams, minNewTokens: newTokens, maxNewTokens: newTokens };
  const documents = equalDocuments(Math.floor(rows / mode.beams), Number(values.tokens));
  await engine.generate(documents, { ...options, minNewTokens: 4, maxNewTokens: 4 });
  const before = { ...engine.stats };
  await engine.generate(documents, options);
  const phases = phasesBetween(before, engine.stats);
  await engine.close();
  const figures = [phases.decodeMs, phases.copyMs, phases.selectMs].map((ms) => (ms / phases.decoderSteps).toFixed(2));
  const perDocument = (phases.decodeMs + phases.copyMs + phases.selectMs) / documents.length;
  return `| ${mode.name} | ${rows} | ${figures.join(' | ')} | ${perDocument.toFixed(1)} |\n`;
}

process.stdout.write('| mode | rows | decode | copy | select | ms a document |\n|---|---|---|---|---|---|\n');
for (const mode of MODES) {
  for (const rows of values.rows.split(',').map(Number)) {
    if (rows >= mode.beams) process.stdout.write(await measure(mode, rows));
  }
}
