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

/** A row of the table. The peer's candidates compete first, stage by stage; the fastest meets ours. */
export interface Contest {
  readonly id: string;
  readonly ours: { readonly precision: 'int8' | 'fp32'; readonly beams: number };
  readonly peer: string;
  readonly target: number | null;
  readonly candidates: readonly Candidate[];
  /** More candidates, made from the best of the first ones. */
  readonly refine?: (best: Candidate) => readonly Candidate[];
}

export interface ContestContext {
  readonly where: Folders;
  readonly python: string;
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

export function oursCandidate(context: ContestContext, ours: Contest['ours'], workers = 2): Candidate {
  const settings = { model: context.where.checkpoint, ...ours, workers, newTokens: context.newTokens };
  const args = [path.join(import.meta.dirname, 'ours.js')];
  // As `precis generate -` runs its engine.
  const env = { PRECIS_HOME: context.where.home, ...engineVariables() };
  return { label: `${workers} workers`, command: { program: process.execPath, args, settings, env }, processes: 1 };
}

const CTRANSLATE2_THREADS = [
  { inter: 2, intra: 1 },
  { inter: 1, intra: 2 },
];

/** The sizes that its users try first, and small batches by tokens, which need less padding. */
const CTRANSLATE2_BATCHES = [
  ...[8, 16, 32].map((batch) => ({ batch, batchType: 'examples' })),
  ...[1024, 2048, 4096, 8192].map((batch) => ({ batch, batchType: 'tokens' })),
];

/** Settings of its environment that are not on by default and may help. */
const CTRANSLATE2_ENVIRONMENTS: readonly Readonly<Record<string, string>>[] = [
  { CT2_USE_EXPERIMENTAL_PACKED_GEMM: '1' },
  { CT2_FORCE_CPU_ISA: 'AVX512' },
  { CT2_FORCE_CPU_ISA: 'AVX512', CT2_USE_EXPERIMENTAL_PACKED_GEMM: '1' },
  { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' },
  { CT2_FORCE_CPU_ISA: 'AVX512', GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' },
];

function ctranslate2({ where, python, newTokens }: ContestContext, precision: 'int8' | 'float32', beams: number) {
  const model = path.join(where.ctranslate2, precision);
  const args = [sourcePath('peers', 'ctranslate2_peer.py')];
  const candidates = CTRANSLATE2_THREADS.flatMap((threads) =>
    CTRANSLATE2_BATCHES.map((batch): Candidate => {
      const settings = { model, precision, beams, newTokens, ...threads, ...batch };
      const label = `inter ${threads.inter}, intra ${threads.intra}, ${batch.batch} ${batch.batchType}`;
      return { label, command: { program: python, args, settings }, processes: 1 };
    }),
  );
  const refine = (best: Candidate) =>
    CTRANSLATE2_ENVIRONMENTS.map((env) => {
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

function transformersJs({ where, newTokens }: ContestContext, dtype: 'fp32' | 'q8'): Candidate[] {
  const args = [path.join(import.meta.dirname, 'peers', 'transformersJs.js')];
  return spreadOver([1, 8], (batch, threads) => ({
    program: process.execPath,
    args,
    settings: { model: where.onnx, dtype, threads, batch, newTokens },
  }));
}

function pytorch({ where, python, newTokens }: ContestContext): Candidate[] {
  const args = [sourcePath('peers', 'pytorch_peer.py')];
  return spreadOver([1, 16], (batch, threads) => ({
    program: python,
    args,
    settings: { model: where.checkpoint, beams: 1, threads, batch, newTokens },
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
