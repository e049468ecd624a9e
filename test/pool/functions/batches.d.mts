import type { RecordBatch } from 'apache-arrow';

export function textBatch(texts: readonly (string | null)[], name?: string): RecordBatch;
export function textsOf(batch: RecordBatch): (string | null)[];
