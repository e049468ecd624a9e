import path from 'node:path';
import { engineVariables } from '../src/engine/environment.js';
import type { ChildCommand } from './child.js';
import type { Folders } from './models.js';
import { sourcePath } from './peers/install.js';

/** One way to run a side: how it is started, and in how many processes. */
export interface Candidate {
  readonly label: string;
  readonly command: ChildCommand;
  readonly processes: number;
}

/** A side's settings that compete with each other. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** More candidates, made from the best of the first ones. */
  readonly refine?: (best: Candidate) => readonly Candidate[];
}

export interface Ours {
  readonly precision: 'int8' | 'fp32';
  readonly beams: number;
  readonly refill?: boolean;
}

/** A row of the table. The peer's candidates compete first, stage by stage; the fastest meets ours. */
export interface Contest extends Candidates {
  readonly id: string;
  readonly ours: Ours;
  readonly peer: string;
  readonly target: number | null;
}

export interface ContestContext {
  readonly where: Folders;
  readonly python: string;
  /** Tokens of an output; the least and the most are the same where every side has to do the same work. */
  readonly leastTokens: number;
  readonly newTokens: number;
}

export const CONTEST_IDS = [
  'int8-greedy',
  'int8-beam4',
  'fp32-greedy',
  'int8-transformersjs-q8',
  'int8-transformersjs-fp32',
  'fp32-pytorch',
] as const;

export function contests(context: ContestContext): Contest[] {
  const int8 = { precision: 'int8', beams: 1 } as const;
  const fp32 = { precision: 'fp32', beams: 1 } as const;
  return [
    {
      id: 'int8-greedy',
      ours: int8,
      peer: 'CTranslate2 int8',
      target: 2.2,
      ...ctranslate2(context, 'int8', 1),
    },
    {
      id: 'int8-beam4',
      ours: { precision: 'int8', beams: 4 },
      peer: 'CTranslate2 int8, 4 beams',
      target: 1.8,
      ...ctranslate2(context, 'int8', 4),
    },
    {
      id: 'fp32-greedy',
      ours: fp32,
      peer: 'CTranslate2 float32',
      target: 1.3,
      ...ctranslate2(context, 'float32', 1),
    },
    {
      id: 'int8-transformersjs-q8',
      ours: int8,
      peer: 'transformers.js q8',
      target: 5,
      candidates: transformersJs(context, 'q8'),
    },
    {
      id: 'int8-transformersjs-fp32',
      ours: int8,
      peer: 'transformers.js fp32',
      target: 7,
      candidates: transformersJs(context, 'fp32'),
    },
    { id: 'fp32-pytorch', ours: fp32, peer: 'PyTorch fp32', target: null, candidates: pytorch(context) },
  ];
}

export function oursCandidate(context: ContestContext, ours: Ours, workers = 2): Candidate {
  const { leastTokens, newTokens } = context;
  const settings = { model: context.where.checkpoint, ...ours, workers, leastTokens, newTokens };
  const args = [path.join(import.meta.dirname, 'ours.js')];
  // As `precis generate -` runs its engine.
  const env = { PRECIS_HOME: context.where.home, ...engineVariables() };
  return { label: `${workers} workers`, command: { program: process.execPath, args, settings, env }, processes: 1 };
}

const CTRANSLATE2_THREADS = [
  { inter: 2, intra: 1 },
  { inter: 1, intra: 2 },
];

/** What is tried of CTranslate2's settings, beside its threads. */
export interface CTranslate2Choice {
  readonly batches: readonly { readonly batch: number; readonly batchType: 'examples' | 'tokens' }[];
  /** Settings of its environment that are not on by default and may help. */
  readonly environments: readonly Readonly<Record<string, string>>[];
}

const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
const AVX512 = { CT2_FORCE_CPU_ISA: 'AVX512' };
const PACKED = { CT2_USE_EXPERIMENTAL_PACKED_GEMM: '1' };
const examples = (batch: number) => ({ batch, batchType: 'examples' }) as const;
const tokens = (batch: number) => ({ batch, batchType: 'tokens' }) as const;

/** The sizes that its users try first, and small batches by tokens, which need less padding. */
const CTRANSLATE2: CTranslate2Choice = {
  batches: [...[8, 16, 32].map(examples), ...[1024, 2048, 4096, 8192].map(tokens)],
  environments: [PACKED, AVX512, { ...AVX512, ...PACKED }, HUGE_PAGES, { ...AVX512, ...HUGE_PAGES }],
};

/** Those of them that were ahead for T5-small, for a choice of a minute. */
export const CTRANSLATE2_FEW: CTranslate2Choice = {
  batches: [examples(16), examples(32), tokens(2048), tokens(8192)],
  environments: [HUGE_PAGES, { ...AVX512, ...HUGE_PAGES }],
};

export function ctranslate2(
  { where, python, leastTokens, newTokens }: ContestContext,
  precision: 'int8' | 'float32',
  beams: number,
  { batches, environments } = CTRANSLATE2,
) {
  const model = path.join(where.ctranslate2, precision);
  const args = [sourcePath('peers', 'ctranslate2_peer.py')];
  const candidates = CTRANSLATE2_THREADS.flatMap((threads) =>
    batches.map((batch): Candidate => {
      const settings = { model, precision, beams, leastTokens, newTokens, ...threads, ...batch };
      const label = `inter ${threads.inter}, intra ${threads.intra}, ${batch.batch} ${batch.batchType}`;
      return { label, command: { program: python, args, settings }, processes: 1 };
    }),
  );
  const refine = (best: Candidate) =>
    environments.map((env) => {
      const names = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      return { ...best, label: `${best.label}, ${names.join(' ')}`, command: { ...best.command, env } };
    });
  return { candidates, refine };
}

/** A process that uses both cores, or one on each. */
const PROCESSES = [
  { processes: 1, threads: 2 },
  { processes: 2, threads: 1 },
];

export function transformersJs(
  { where, leastTokens, newTokens }: ContestContext,
  dtype: 'fp32' | 'q8',
  batches = [1, 8],
): Candidate[] {
  const args = [path.join(import.meta.dirname, 'peers', 'transformersJs.js')];
  return spreadOver(batches, (batch, threads) => ({
    program: process.execPath,
    args,
    settings: { model: where.onnx, dtype, threads, batch, leastTokens, newTokens },
  }));
}

function pytorch({ where, python, leastTokens, newTokens }: ContestContext): Candidate[] {
  const args = [sourcePath('peers', 'pytorch_peer.py')];
  return spreadOver([1, 16], (batch, threads) => ({
    program: python,
    args,
    settings: { model: where.checkpoint, beams: 1, threads, batch, leastTokens, newTokens },
    env: { OMP_NUM_THREADS: String(threads) },
  }));
}

function spreadOver(batches: readonly number[], command: (batch: number, threads: number) => ChildCommand) {
  return batches.flatMap((batch) =>
    PROCESSES.map(({ processes, threads }): Candidate => {
      const label = `batch ${batch}, ${processes} process${processes > 1 ? 'es' : ''} of ${threads} thread${threads > 1 ? 's' : ''}`;
      return { label, command: command(batch, threads), processes };
    }),
  );
}
