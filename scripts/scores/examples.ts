import { readFileSync } from 'node:fs';
import { type LoadedModel, loadModel } from '../../src/index.js';
import { documentOf } from '../corpus/documents.js';
import type { Split } from '../corpus/splits.js';

/** What is shown of a text; the model reads all of it. */
const SHOWN_WORDS = 70;
const READ_WORDS = 300;
/** Prose that the model was not made for: this project's own, from the line on that begins so. */
const PAGES = [
  { file: 'README.md', from: 'precis runs small' },
  { file: 'src/ARCHITECTURE.md', from: '- **onnxruntime-node**' },
] as const;

/** Documents of the generator and pages of this project beside what the model makes of them, good or bad: the first ones, not chosen. */
export async function examplesReport(folder: string, root: URL): Promise<string> {
  const model = await loadModel(folder);
  try {
    const parts: string[] = [];
    for (const split of ['test', 'unseen'] as const) parts.push(await ofGenerator(model, split));
    for (const { file, from } of PAGES) {
      const text = prose(readFileSync(new URL(file, root), 'utf8'), from);
      parts.push(await told(model, `${file} of precis, which is not of its genres`, text));
    }
    return parts.join('\n\n');
  } finally {
    await model.close();
  }
}

async function ofGenerator(model: LoadedModel, split: Split): Promise<string> {
  const { genre, text, summary } = documentOf(split, 0);
  const heading = `${genre}${split === 'unseen' ? ', a genre that it never saw' : ''}`;
  return `${await told(model, heading, text)}\n> \n> **Reference:** ${summary}`;
}

async function told(model: LoadedModel, heading: string, text: string): Promise<string> {
  const [{ text: summary }] = (await model.generateTexts([text])).results;
  const words = text.split(/\s+/);
  const shown = words.length > SHOWN_WORDS ? `${words.slice(0, SHOWN_WORDS).join(' ')} ...` : words.join(' ');
  const length = `${words.length} words`;
  return `> **${heading}** (${length}): ${shown}\n> \n> **precis-tiny:** ${summary}`;
}

/** Without the marks of markdown and without what is no prose: tables, code, headings. */
function prose(markdown: string, from: string): string {
  const lines = markdown.slice(markdown.indexOf(from)).split('\n');
  const kept = lines.filter((line) => !/^(\s{4}|\||#)/.test(line) && line.trim() !== '');
  const words = kept
    .join(' ')
    .replace(/[*`]/g, '')
    .replace(/(^| )- /g, '$1');
  return words.split(/\s+/).slice(0, READ_WORDS).join(' ');
}
