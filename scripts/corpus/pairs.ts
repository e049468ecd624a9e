import { documentOf } from './documents.js';
import { Rng } from './rng.js';
import { type Split, splitKey } from './splits.js';
import type { Lengths, Story } from './story.js';

export type Task = 'summarize' | 'title' | 'classify' | 'extract';

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

/** Apart from the key of the document itself. */
const TASK_KEY = 1_000_003;

export function pairOf(split: Split, number: number, seed: number, lengths: Lengths, only?: Task): Pair {
  const story = documentOf(split, number, seed, lengths);
  const rng = new Rng(seed, TASK_KEY, splitKey(split), number);
  const task = only ?? drawTask(rng);
  return { task, genre: story.genre, ...posed(task, story, rng) };
}

function posed(task: Task, story: Story, rng: Rng): { source: string; target: string } {
  const { text } = story;
  if (task === 'title') return { source: `title: ${text}`, target: story.title };
  if (task === 'extract') {
    const [field, value] = rng.pick(Object.entries(story.fields));
    return { source: `extract: ${field} from: ${text}`, target: value };
  }
  if (task === 'classify') {
    const [asked, label] = rng.pick(Object.entries(story.labels));
    const labels = rng.shuffled(
      asked
        .slice(asked.indexOf(':') + 1)
        .split(',')
        .map((name) => name.trim()),
    );
    return { source: `classify: labels: ${labels.join(', ')}; text: ${text}`, target: label };
  }
  return { source: `summarize: ${text}`, target: story.summary };
}

function drawTask(rng: Rng): Task {
  let at = rng.unit();
  for (const [task, share] of SHARES) {
    if (at < share) return task;
    at -= share;
  }
  return 'summarize';
}
