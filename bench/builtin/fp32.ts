import { open } from '../contest.js';
import { type Candidate, type ContestContext, ctranslate2, oursCandidate, transformersJs } from '../contests.js';
import { say } from '../tool.js';
import { type ContestWork, equalTexts, WORKERS } from './contest.js';

export interface Fp32Check {
  readonly peer: string;
  readonly beams: number;
  readonly documents: number;
  /** The share of documents whose text is ours. */
  readonly same: number;
}

/** Documents that are enough to see whether peers run the same model. */
const MOST = 64;

/** Not timed: without int8, which everybody rounds differently, outputs differ only where sides do something else. */
export async function checkFp32(work: ContestWork): Promise<Fp32Check[]> {
  const checks: Fp32Check[] = [];
  for (const beams of [1, 4]) {
    say(`outputs in fp32, ${beams === 1 ? 'greedy' : `${beams} beams`}`);
    const ours = await textsOf(oursCandidate(work.context, { precision: 'fp32', beams }, WORKERS), work);
    for (const [peer, candidate] of Object.entries(peersInFp32(work.context, beams))) {
      const texts = await textsOf(candidate, work);
      checks.push({ peer, beams, documents: texts.length, same: equalTexts(texts, ours) });
    }
  }
  return checks;
}

function peersInFp32(context: ContestContext, beams: number): Record<string, Candidate> {
  const [ct2] = ctranslate2(context, 'float32', beams).candidates;
  if (beams > 1) return { CTranslate2: ct2 };
  return { CTranslate2: ct2, 'transformers.js': transformersJs(context, 'fp32')[0] };
}

async function textsOf(candidate: Candidate, { documents, tokenizer }: ContestWork): Promise<string[]> {
  const team = await open(candidate, documents.ids.slice(0, MOST));
  try {
    return (await team.run()).outputs.map((output) => tokenizer.decode(output));
  } finally {
    await team.close();
  }
}
