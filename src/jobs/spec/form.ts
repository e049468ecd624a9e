import type { GenerationOptions } from '../../engine/types.js';
import type { LongDocuments } from '../../predict/longDocuments.js';
import type { ResultType } from '../../predict/texts/resultType.js';
import type { LoadOptions } from '../../predict/types.js';
import type { FormatName } from '../../table/types.js';
import type { ColumnContract, FunctionName, ManifestEntry, OutputSpec } from '../types.js';

/** A job as its user writes it, in YAML, JSON or TypeScript. Every field is described in src/jobs/README.md. */
export interface JobForm extends ColumnDefaults {
  name?: string;
  owner?: string;
  /** Where relative paths begin; by default the folder of the file. */
  folder?: string;
  source: string | SourceForm;
  /** A single column: of these texts, under the name `column`. With `columns`, what those take that name no text. */
  text?: string;
  column?: string;
  columns?: readonly ColumnForm[];
  output?: string | OutputForm;
  key?: string | readonly string[];
  workers?: number;
  devices?: string | readonly string[];
  isolation?: 'process' | 'thread';
  partitionRows?: Count;
  retry?: { maxRetries?: number; timeout?: Duration };
  fallbackModel?: string;
  errorThreshold?: Count;
  partitionErrorThreshold?: Count;
  filter?: { nulls?: boolean; blank?: boolean; shorterThan?: number };
  incremental?: boolean | { key: string | readonly string[] };
  cache?: boolean;
  lineage?: boolean;
  contract?: { input?: InputForm; output?: { columns: Readonly<Record<string, string | ColumnContractForm>> } };
  cost?: { perThousandTokens: number; max?: number };
  maxCost?: number;
  routes?: readonly { where: string; output: string }[];
  deadline?: Duration;
  onFailure?: string;
}

/** A number, or a text such as `10_000`, `10k` or `2M`. */
export type Count = number | string;
/** Seconds, or a text such as `45s`, `90m`, `1h30m` or `2d`. */
export type Duration = number | string;

/** What is said for the whole job and holds for every column whose function takes it, unless the column says otherwise. */
export interface ColumnDefaults extends LoadOptions {
  model?: string;
  generation?: GenerationOptions;
  prefix?: string;
  maxInputTokens?: number;
  longDocuments?: LongDocuments;
  dedupe?: boolean;
}

export interface SourceForm {
  path: string;
  format?: FormatName;
  version?: number;
  delimiter?: string;
  header?: boolean;
  limit?: Count;
  sample?: Count | { rows: Count; seed?: number };
  manifest?: string | readonly ManifestForm[];
}

export type ManifestForm = Pick<ManifestEntry, 'file'> & { rows?: Count; sha256?: string };

/** A column to make: these, and the options of its function. */
export interface ColumnForm extends ColumnDefaults, GenerationOptions {
  name: string;
  fn?: FunctionName;
  text?: string | readonly string[];
  resultType?: ResultType | 'double' | 'int' | 'bool';
  labels?: readonly string[];
  normalize?: 'none' | 'tokens';
  fields?: readonly string[];
  prompt?: string;
  instruction?: string;
  module?: string;
  exportName?: string;
  values?: unknown;
}

export interface OutputForm {
  path?: string;
  format?: FormatName;
  mode?: OutputSpec['mode'];
  key?: string | readonly string[];
  delimiter?: string;
  header?: boolean;
  keepFailed?: boolean;
  keepFiltered?: boolean;
  errorColumn?: string;
}

export interface InputForm {
  columns?: Readonly<Record<string, string | ColumnContractForm>>;
  rows?: Count | { min?: Count; max?: Count };
}

export type ColumnContractForm = { -readonly [Name in keyof ColumnContract]?: NonNullable<ColumnContract[Name]> };

/** A job in a TypeScript or JavaScript module: `export default defineJob({ ... })`, with help from the editor. */
export function defineJob(form: JobForm): JobForm {
  return form;
}
