import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeUnigramTokenizer } from '../scripts/seeded/tokenizer.js';
import { writeSeededCheckpoint } from '../scripts/seeded-checkpoint.js';
import type { Dimensions } from '../src/measure/operations.js';
import { sourcePath } from './peers/install.js';
import { runTool, say } from './tool.js';

/** T5's own number of entries; the size of the embedding and the work of the head follow from it. */
const VOCABULARY = 32_100;

export const T5_SMALL: Dimensions = {
  dModel: 512,
  inner: 512,
  dFf: 2048,
  encoderLayers: 6,
  decoderLayers: 6,
  vocabSize: 32_128,
};

export interface Folders {
  readonly checkpoint: string;
  readonly ctranslate2: string;
  readonly onnx: string;
  /** PRECIS_HOME of our side. */
  readonly home: string;
}

export function folders(cache: string): Folders {
  const at = (name: string) => path.join(cache, name);
  return { checkpoint: at('t5-small'), ctranslate2: at('ctranslate2'), onnx: at('onnx-export'), home: at('home') };
}

/** A checkpoint of T5-small's dimensions with seeded weights. Its outputs are noise; the work is that of the true one. */
export async function makeCheckpoint({ checkpoint }: Folders, tokenizer: string | undefined): Promise<void> {
  await once(checkpoint, 'writing a checkpoint of T5-small dimensions', async (folder) => {
    const own = path.join(folder, 'tokenizer');
    if (tokenizer === undefined) writeFullTokenizer(own);
    writeSeededCheckpoint({
      out: folder,
      family: 't5',
      size: 'small',
      seed: 1,
      tokenizer: tokenizer ?? own,
      eos: 'never',
    });
    rmSync(own, { recursive: true, force: true });
  });
}

/** The same checkpoint in the peers' own formats. */
export async function convertForCTranslate2(where: Folders, python: string): Promise<void> {
  const script = sourcePath('peers', 'convert_ctranslate2.py');
  await once(where.ctranslate2, 'converting for CTranslate2', async (folder) => {
    await runTool('', python, [script, where.checkpoint, folder]);
  });
}

export async function exportOnnx(where: Folders, python: string): Promise<void> {
  const script = sourcePath('peers', 'export_onnx.py');
  await once(where.onnx, 'exporting ONNX for transformers.js', async (folder) => {
    await runTool('', python, [script, where.checkpoint, folder]);
  });
}

/** Makes a folder under another name and renames it, so that what is there is complete. */
async function once(folder: string, what: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  say(what);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await make(partial);
  renameSync(partial, folder);
}

/** Our small tokenizer, filled up with entries that no text has, to T5's size of vocabulary. */
export function writeFullTokenizer(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const entries = writeUnigramTokenizer(folder);
  const file = path.join(folder, 'tokenizer.json');
  const tokenizer = JSON.parse(readFileSync(file, 'utf8'));
  for (let id = entries; id < VOCABULARY; id++) tokenizer.model.vocab.push([`▁filler${id}`, -20]);
  writeFileSync(file, JSON.stringify(tokenizer));
}
