import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Data, DataType, RecordBatch, Struct } from 'apache-arrow';
import { isText } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import { columnData, Fingerprinter, WORDS } from '../carry/fingerprints.js';
import { gathered, knownDetails } from '../carry/knownDetails.js';
import type { Known, KnownRows } from '../known.js';
import { answerCacheBytes, answerCacheRoot } from './answerFolder.js';
import { AnswerStore } from './answerStore.js';

/** Answers are written when they come to so much, and when the cache is closed. */
const FLUSH_BYTES = 4 * 1024 ** 2;
/** Rows whose answers may lie in as many blocks, held at once. */
const ROWS_AT_ONCE = 256;

export interface AnswerCacheOptions {
  /** PRECIS_HOME/cache/answers by default. */
  readonly root?: string;
  /** What answers depend on besides the text: the model's hash, the function, its options. */
  readonly namespace: string;
  /** DetailedFunction.details. */
  readonly details: Struct;
  /** The columns that the function reads. */
  readonly texts: readonly string[];
  /** Of all namespaces together; PRECIS_ANSWER_CACHE_BYTES or 2 GiB by default. */
  readonly maxBytes?: number;
  readonly flushBytes?: number;
  /** Called at most once. */
  readonly warn: (line: string) => void;
}

export interface AnswerCache extends KnownRows {
  /** In files and waiting, those that other processes wrote meanwhile not counted. */
  readonly entries: number;
  /** What the index takes in memory: 21 to 27 bytes an entry. */
  readonly indexBytes: number;
}

/**
 * A cache of one column's answers that all jobs share (`allColumns` makes one of several). `learn` keeps answers in memory until they come to 4 MB or wait for a minute;
 * then they are on the disk as a file that is complete or not there. A known row has its value and whether its text was cut, and no tokens: nothing was spent on it.
 */
export function openAnswerCache(options: AnswerCacheOptions): AnswerCache {
  const { root = answerCacheRoot(), namespace, details, maxBytes = answerCacheBytes(), warn } = options;
  const folder = path.join(root, folderName(namespace, field(details, 'value')));
  // A file must not take a good part of what all may.
  const flushBytes = Math.min(options.flushBytes ?? FLUSH_BYTES, Math.ceil(maxBytes / 8));
  return new ColumnCache(new AnswerStore({ root, folder, namespace, maxBytes, flushBytes, warn }), options);
}

/** Answers of another type are another namespace. */
function folderName(namespace: string, type: DataType): string {
  return createHash('sha256')
    .update(JSON.stringify([namespace, String(type)]))
    .digest('hex')
    .slice(0, 32);
}

class ColumnCache implements AnswerCache {
  private fingerprinter: Fingerprinter | null = null;

  constructor(
    private readonly store: AnswerStore,
    private readonly options: AnswerCacheOptions,
  ) {}

  get entries(): number {
    return this.store.entries;
  }

  get indexBytes(): number {
    return this.store.indexBytes;
  }

  async lookup(batch: RecordBatch): Promise<Known> {
    const { details } = this.options;
    const words = this.wordsOf(batch);
    const mask = new Uint8Array(batch.numRows);
    const values: Data[] = [];
    const truncated: Data[] = [];
    // At least once: also a batch without rows has its columns.
    for (let start = 0; start === 0 || start < batch.numRows; start += ROWS_AT_ONCE) {
      const length = Math.min(ROWS_AT_ONCE, batch.numRows - start);
      const places = Array.from({ length }, (_, i) => {
        const place = this.store.find(words, (start + i) * WORDS);
        mask[start + i] = Number(place !== null);
        return place;
      });
      values.push(
        gathered(
          field(details, 'value'),
          places.map((place) => place?.value),
        ),
      );
      truncated.push(
        gathered(
          field(details, 'truncated'),
          places.map((place) => place?.truncated),
        ),
      );
    }
    return { mask, details: [knownDetails(details, mask, concatData(values), concatData(truncated))] };
  }

  async learn(batch: RecordBatch, mask: Uint8Array, [details]: readonly Data<Struct>[]): Promise<void> {
    const words = this.wordsOf(batch);
    const rows: number[] = [];
    const fresh = new Set<string>();
    for (let row = 0; row < batch.numRows; row++) {
      if (!mask[row] || this.store.has(words, row * WORDS)) continue;
      const name = words.subarray(row * WORDS, (row + 1) * WORDS).join();
      if (fresh.has(name)) continue;
      fresh.add(name);
      rows.push(row);
    }
    if (rows.length === 0) return;
    const taken = new Uint32Array(rows.length * WORDS);
    rows.forEach((row, i) => {
      taken.set(words.subarray(row * WORDS, (row + 1) * WORDS), i * WORDS);
    });
    const column = (name: string) => {
      const data = details.children[details.type.children.findIndex((child) => child.name === name)];
      return gathered(
        data.type,
        rows.map((row) => ({ data, row })),
      );
    };
    this.store.add(taken, column('value'), column('truncated'));
  }

  async close(): Promise<void> {
    this.store.flush();
  }

  private wordsOf(batch: RecordBatch): Uint32Array {
    const { texts } = this.options;
    this.fingerprinter ??= new Fingerprinter(
      texts.map((name) => ({ name })),
      saltOf(texts.map((name) => columnData(batch, name).type)),
    );
    return this.fingerprinter.of(batch);
  }
}

/** A module may do with a number of 64 bits what it does not do with one of 32; to all functions a text is a text. */
function saltOf(types: readonly DataType[]): string {
  return types.map((type) => (isText(type) || type.typeId === 1 ? 'text' : String(type))).join();
}

function field(details: Struct, name: string): DataType {
  return details.children.find((child) => child.name === name)!.type;
}
