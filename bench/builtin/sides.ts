import type { Phases } from '../../src/measure/phases.js';
import { textValues } from '../../src/table/columns.js';
import { readTable } from '../../src/table/open.js';
import type { Tokenizer } from '../../src/text/types.js';
import { open } from '../contest.js';
import type { Candidate } from '../contests.js';
import type { OursAnswer } from '../ours.js';
import type { RunAnswer } from '../protocol.js';
import { plainSearch } from '../search.js';
import { summarize } from '../tables/command.js';
import { type HeldOut, PREFIX, TEXT } from './heldOut.js';

/** One run of a side over all documents. */
export interface Round {
  readonly seconds: number;
  readonly texts: readonly string[];
  /** Of the command: from the start of its process to its end. */
  readonly processSeconds?: number;
  /** Of our engine alone. */
  readonly phases?: Phases;
}

/** Something that summarizes the documents, again and again. */
export interface Side {
  readonly name: string;
  readonly settings: string;
  run(): Promise<Round>;
  close(): Promise<void>;
}

/** A process that has its model loaded and the documents' ids in memory; its texts are made after the clock has stopped. */
export async function engineSide(
  name: string,
  candidate: Candidate,
  { ids }: HeldOut,
  tokenizer: Tokenizer,
): Promise<Side> {
  const team = await open(candidate, ids);
  return {
    name,
    settings: candidate.label,
    run: async () => {
      const { seconds, outputs, answers } = await team.run<RunAnswer & Partial<Pick<OursAnswer, 'phases'>>>();
      return { seconds, texts: outputs.map((output) => tokenizer.decode(output)), phases: answers[0].phases };
    },
    close: () => team.close(),
  };
}

export interface CommandOptions {
  readonly model: string;
  readonly beams: number;
  readonly newTokens: number;
  readonly workers: number;
  readonly out: string;
}

/** `precis summarize` on the table of the documents, in a process of its own each time. */
export function commandSide({ file }: HeldOut, { model, beams, newTokens, workers, out }: CommandOptions): Side {
  const search = { ...plainSearch(beams), minNewTokens: 0, maxNewTokens: newTokens };
  const flags = Object.entries({ text: TEXT, prefix: PREFIX, model, workers, ...search });
  const args = flags.map(([flag, value]) => `--${kebab(flag)}=${value}`);
  return {
    name: 'precis summarize',
    settings: `${workers} workers`,
    run: async () => {
      const { seconds, answer } = await summarize(file, out, args);
      return { seconds: answer.seconds, processSeconds: seconds, texts: await summaries(out) };
    },
    close: async () => {},
  };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function summaries(file: string): Promise<string[]> {
  const column = 'generated_summary';
  const texts: string[] = [];
  for await (const batch of (await readTable(file)).batches({ columns: [column] })) {
    texts.push(...textValues(batch.getChild(column)!).map(String));
  }
  return texts;
}
