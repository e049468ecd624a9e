import { documentOf } from './documents.js';
import { Rng } from './rng.js';
import { type Split, splitKey } from './splits.js';
import type { Lengths, Story } from './story.js';

export type Task = 'summarize' | 'title' | 'classify' | 'extract' | 'copy';

/** What a text-to-text model learns: the source with its task's prefix, and what is to come out. */
export interface Pair {
  readonly task: Task;
  readonly genre: string;
  readonly source: string;
  readonly target: string;
}

/** How often each task comes up in training. */
const SHARES: readonly (readonly [Task, number])[] = [
  ['summarize', 0.72],
  ['extract', 0.12],
  ['classify', 0.1],
  ['title', 0.06],
];

/** So many sentences the text of a copy has. */
const COPY_WINDOW = 4;

/** Apart from the key of the document itself. */
const TASK_KEY = 1_000_003;

/** `copies` is the share of pairs that only ask for one sentence of the text: where a training from nothing begins. */
export function pairOf(
  split: Split,
  number: number,
  seed: number,
  lengths: Lengths,
  {
    only,
    copies = 0,
    genres,
  }: { readonly only?: Task; readonly copies?: number; readonly genres?: readonly string[] } = {},
): Pair {
  const story = documentOf(split, number, seed, lengths, genres);
  const rng = new Rng(seed, TASK_KEY, splitKey(split), number);
  const task = only ?? (rng.chance(copies) ? 'copy' : drawTask(rng));
  return { task, genre: story.genre, ...posed(task, story, rng) };
}

function posed(task: Task, story: Story, rng: Rng): { source: string; target: string } {
  const { text } = story;
  if (task === 'copy') return copied(text, rng);
  if (task === 'title') return { source: `title: ${text}`, target: story.title };
  if (task === 'extract') {
    const [field, value] = rng.pick(Object.entries(story.fields));
    return { source: `extract: ${field} text: ${text}`, target: value };
  }
  if (task === 'classify') {
    const [asked, label] = rng.pick(Object.entries(story.labels));
    const labels = rng.shuffled(
      asked
        .slice(asked.indexOf(':') + 1)
        .split(',')
        .map((name) => name.trim()),
    );
    // The labels come first: at the end, a long text would push them out of what a model reads.
    return { source: `classify: labels: ${labels.join(', ')} text: ${text}`, target: label };
  }
  return { source: `summarize: ${text}`, target: story.summary };
}

/** The model has to find the sentence by its first three words. */
function copied(text: string, rng: Rng): { source: string; target: string } {
  const sentences = text.split(/\n+|(?<=[.!?]) /).filter((sentence) => sentence.split(' ').length > 3);
  const from = rng.int(0, Math.max(0, sentences.length - COPY_WINDOW));
  const told = sentences.slice(from, from + COPY_WINDOW);
  if (told.length === 0) return { source: `copy: ${text}`, target: text };
  const target = rng.pick(told);
  return { source: `copy: ${target.split(' ').slice(0, 3).join(' ')} text: ${told.join(' ')}`, target };
}

function drawTask(rng: Rng): Task {
  let at = rng.unit();
  for (const [task, share] of SHARES) {
    if (at < share) return task;
    at -= share;
  }
  return 'summarize';
}
