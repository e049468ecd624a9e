import type { FilePart, Source } from './types.js';

/** A file's source that tells of it as a part; where its rows are not known they are counted, once, by reading over them. */
export function asPart(source: Source): Source {
  let parts: Promise<readonly FilePart[]> | undefined;
  const count = async () => [{ file: source.files[0], rows: source.rows ?? (await countRows(source)) }];
  return {
    ...source,
    parts: () => {
      parts ??= count();
      return parts;
    },
  };
}

async function countRows(source: Source): Promise<number> {
  let rows = 0;
  for await (const batch of source.batches({ columns: [] })) rows += batch.numRows;
  return rows;
}

/** The parts of several sources that are read one after the other; none if one of them has none. */
export async function jointParts(sources: readonly Source[]): Promise<readonly FilePart[]> {
  const parts: FilePart[] = [];
  for (const source of sources) {
    const found = (await source.parts?.()) ?? [];
    if (found.length === 0) return [];
    parts.push(...found);
  }
  return parts;
}

/** The parts of the first `rows` rows. */
export function firstParts(parts: readonly FilePart[], rows: number): readonly FilePart[] {
  const first: FilePart[] = [];
  let left = rows;
  for (const part of parts) {
    if (left <= 0) break;
    first.push(part.rows <= left ? part : { ...part, rows: left });
    left -= part.rows;
  }
  return first;
}

export function sumOfRows(parts: readonly FilePart[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}
