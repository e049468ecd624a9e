import type { RecordBatch } from 'apache-arrow';
import { batchFromIpc } from '../../table/columns.js';
import { partOf } from '../carry/knownDetails.js';
import { type BlockPlace, type FileHead, readBlock } from './answerFile.js';
import { type AnswerPlace, answerAt } from './pendingAnswers.js';

/** 64 kB each: a table in the same order as before asks for one after the other. */
const BLOCKS_KEPT = 64;

/** Blocks that were read last, of all files. */
export class RecentBlocks {
  private readonly blocks = new Map<string, RecordBatch>();

  get(name: string, read: () => RecordBatch): RecordBatch {
    const block = this.blocks.get(name) ?? read();
    this.blocks.delete(name);
    this.blocks.set(name, block);
    if (this.blocks.size > BLOCKS_KEPT) this.blocks.delete(this.blocks.keys().next().value!);
    return block;
  }
}

/** The answers of one file, read when they are asked for. */
export class StoredAnswers {
  private readonly starts: readonly number[];
  private readonly places: readonly BlockPlace[];
  readonly rows: number;

  constructor(
    readonly path: string,
    { places, entries }: Pick<FileHead, 'places' | 'entries'>,
    private readonly recent: RecentBlocks,
  ) {
    this.places = places;
    this.starts = places.map(({ first }) => first);
    this.rows = entries;
  }

  /** Throws what fs does, or a DamagedFile. */
  at(row: number): AnswerPlace {
    const number = partOf(this.starts, row);
    const read = () => batchFromIpc(readBlock(this.path, this.places[number]));
    return answerAt(this.recent.get(`${this.path}#${number}`, read), row - this.starts[number]);
  }
}
