import { createHash } from 'node:crypto';
import { compareFingerprints, type FileFingerprint } from '../../table/fingerprint.js';
import type { JobSpec } from '../types.js';

/** What partitions are made from. If any of it changes, what was computed is not what would be computed now. */
export interface Work {
  readonly precisVersion: string;
  readonly source: {
    readonly label: string;
    /** Of a Delta table: the version that is read, also by every resume. */
    readonly version: number | null;
    readonly files: readonly FileFingerprint[];
    /** Null if it is not known without reading everything. */
    readonly rows: number | null;
    readonly schema: string;
  };
  readonly partitionRows: number;
  readonly columns: readonly WorkColumn[];
}

export interface WorkColumn {
  readonly name: string;
  readonly uri: string;
  readonly modelHash: string | null;
  readonly precision: string;
  /** Over the function, its texts and its options. */
  readonly options: string;
}

/** The options' part of a column's identity. */
export function optionsHash(spec: JobSpec, at: number): string {
  const { fn, text, options } = spec.columns[at];
  const { filter, engine } = spec;
  return createHash('sha256')
    .update(canonical({ fn, text, options, generation: engine.generation, filter }))
    .digest('hex')
    .slice(0, 32);
}

/** One line for each thing that is not as it was when the job was planned. */
export function changesOf(planned: Work, now: Work): string[] {
  const changes = compareFingerprints(planned.source.files, now.source.files).map(
    ({ file, what, found, expected }) =>
      `${file} ${what === 'changed' ? 'changed' : `is ${what}`}: found ${found}, expected ${expected}`,
  );
  if (planned.source.schema !== now.source.schema) {
    changes.push(`the columns of ${now.source.label}: found ${now.source.schema}, expected ${planned.source.schema}`);
  }
  planned.columns.forEach((before, at) => {
    const after = now.columns[at];
    if (before.modelHash !== after.modelHash) {
      changes.push(
        `the model ${after.uri} of column ${before.name}: found ${short(after.modelHash)}, expected ${short(before.modelHash)}`,
      );
    }
    if (before.precision !== after.precision) {
      changes.push(`the precision of column ${before.name}: found ${after.precision}, expected ${before.precision}`);
    }
  });
  return changes;
}

function short(hash: string | null): string {
  return hash === null ? 'none' : hash.slice(0, 12);
}

/** JSON with sorted keys: equal values, equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
