import type { Data, RecordBatch, Struct } from 'apache-arrow';
import { nullData } from '../../table/data/nullData.js';
import type { Known, KnownRows } from '../known.js';
import { gathered, knownDetails } from './knownDetails.js';

/** Of the columns of a job, as `predict/detailed` describes them. */
export type DetailsTypes = readonly Struct[];

export function nothingKnown(types: DetailsTypes): KnownRows {
  return {
    async lookup({ numRows }) {
      const details = types.map((type) => nullData(type, numRows) as Data<Struct>);
      return { mask: new Uint8Array(numRows), details };
    },
    async learn() {},
    async close() {},
  };
}

/** Each of the parts knows one column of the job, in their order; a row is known if all of them know it. */
export function allColumns(parts: readonly KnownRows[]): KnownRows {
  return {
    async lookup(batch): Promise<Known> {
      const found: Known[] = [];
      for (const part of parts) found.push(await part.lookup(batch));
      const mask = Uint8Array.from({ length: batch.numRows }, (_, row) =>
        Number(found.every((known) => known.mask[row] === 1)),
      );
      const details = found.map((known) => (sameMask(known.mask, mask) ? known.details[0] : masked(known, mask)));
      return { mask, details };
    },
    async learn(batch: RecordBatch, mask: Uint8Array, details: readonly Data<Struct>[]) {
      for (const [i, part] of parts.entries()) await part.learn(batch, mask, [details[i]]);
    },
    async close() {
      for (const part of parts) await part.close();
    },
  };
}

function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** What only some columns know is not given out. */
function masked({ details: [details] }: Known, mask: Uint8Array): Data<Struct> {
  const column = (name: string): Data => {
    const data = details.children[details.type.children.findIndex((field) => field.name === name)];
    return gathered(
      data.type,
      Array.from(mask, (known, row) => (known ? { data, row } : null)),
    );
  };
  return knownDetails(details.type, mask, column('value'), column('truncated'));
}
