import type { Data } from 'apache-arrow';
import { FingerprintIndex } from '../carry/fingerprintIndex.js';
import { WORDS } from '../carry/fingerprints.js';
import { partOf } from '../carry/knownDetails.js';
import { DamagedFile, encodeFile, LaterFile, readHead } from './answerFile.js';
import { filesOf, publishFile, remove, removeAbandoned, trim } from './answerFolder.js';
import { type AnswerPlace, PendingAnswers } from './pendingAnswers.js';
import { RecentBlocks, StoredAnswers } from './storedAnswers.js';

/** Milliseconds: what a killed process may lose of a slow model's work. */
const MOST_WAIT = 60_000;

export interface StoreOptions {
  readonly root: string;
  readonly folder: string;
  /** For people, as `precis cache stats` shows it. */
  readonly namespace: string;
  readonly maxBytes: number;
  readonly flushBytes: number;
  readonly warn: (line: string) => void;
}

/** A part of the entries: those of a file, or those that wait for one. */
type Part = { readonly rows: number; at(row: number): AnswerPlace };

/**
 * The answers of one namespace: entries are numbered part by part, file after file, and the last part are those that were not written yet. Nothing here
 * fails for a file's sake: a cache that cannot be read or written is one that knows less, and says so once.
 */
export class AnswerStore {
  private index = new FingerprintIndex();
  /** Null: its file is gone. */
  private parts: (Part | null)[] = [];
  private starts: number[] = [];
  private pending: PendingAnswers | null = null;
  private pendingSince = 0;
  private readonly recent = new RecentBlocks();
  private readonly loaded = new Set<string>();
  private hasWarned = false;
  private isWritable = true;

  constructor(private readonly options: StoreOptions) {
    this.carefully('read', () => {
      removeAbandoned(options.folder);
      trim(options.root, options.maxBytes);
      this.loadNew();
    });
  }

  /** Of the fingerprints and the way to find them. */
  get indexBytes(): number {
    return this.index.bytes;
  }

  get entries(): number {
    return this.index.size;
  }

  find(words: Uint32Array, at: number): AnswerPlace | null {
    const entry = this.index.find(words, at);
    if (entry === -1) return null;
    const number = partOf(this.starts, entry);
    const part = this.parts[number];
    if (!part) return null;
    try {
      return part.at(entry - this.starts[number]);
    } catch (error) {
      this.parts[number] = null;
      if (part instanceof StoredAnswers) this.lost(part.path, error);
      return null;
    }
  }

  has(words: Uint32Array, at: number): boolean {
    const entry = this.index.find(words, at);
    return entry !== -1 && this.parts[partOf(this.starts, entry)] !== null;
  }

  add(words: Uint32Array, value: Data, truncated: Data): void {
    if (!this.isWritable) return;
    if (!this.pending) {
      this.pending = new PendingAnswers();
      this.pendingSince = performance.now();
      this.begin(this.pending);
    }
    this.pending.add(words, value, truncated);
    for (let row = 0; row < value.length; row++) this.index.add(words, row * WORDS);
    const isOld = performance.now() - this.pendingSince > MOST_WAIT;
    if (isOld || this.pending.bytes >= this.options.flushBytes) this.flush();
  }

  /** What waits becomes a file, and files that others made since are taken in. */
  flush(): void {
    const { pending, options } = this;
    if (!pending) return;
    this.pending = null;
    this.parts[this.parts.length - 1] = null;
    this.carefully('written', () => {
      const { words, blocks } = pending.cut();
      publishFile(options.folder, encodeFile(options.namespace, words, blocks));
      trim(options.root, options.maxBytes);
      this.loadNew();
      if (this.liveEntries() < this.index.size / 2) this.rebuild();
    });
  }

  /** The oldest first, so that of two answers the newer is found, which lives longer. */
  private loadNew(): void {
    const files = filesOf(this.options.folder);
    const there = new Set(files.map(({ path }) => path));
    this.parts.forEach((part, i) => {
      if (part instanceof StoredAnswers && !there.has(part.path)) this.parts[i] = null;
    });
    for (const { path } of files) if (!this.loaded.has(path)) this.load(path);
  }

  private load(path: string): void {
    this.loaded.add(path);
    try {
      const head = readHead(path);
      this.begin(new StoredAnswers(path, head, this.recent));
      for (let at = 0; at < head.words.length; at += WORDS) this.index.add(head.words, at);
    } catch (error) {
      this.lost(path, error);
    }
  }

  private begin(part: Part): void {
    this.parts.push(part);
    this.starts.push(this.index.size);
  }

  /** Another process may have removed it, which is no news. A damaged one is removed: its answers are computed again. */
  private lost(path: string, error: unknown): void {
    if (error instanceof LaterFile || (error as NodeJS.ErrnoException).code === 'ENOENT') return;
    const isDamaged = error instanceof DamagedFile;
    if (isDamaged) remove(path);
    this.warnOnce(`${path} ${isDamaged ? 'is damaged and was dropped' : `cannot be read (${reason(error)})`}`);
  }

  private liveEntries(): number {
    return this.parts.reduce((sum, part) => sum + (part?.rows ?? 0), 0);
  }

  /** Without the entries whose files are gone. */
  private rebuild(): void {
    const { index, parts, starts } = this;
    this.index = new FingerprintIndex();
    this.parts = [];
    this.starts = [];
    parts.forEach((part, i) => {
      if (!part) return;
      this.begin(part);
      for (let row = 0; row < part.rows; row++) this.index.add(...index.wordsOf(starts[i] + row));
    });
  }

  private carefully(what: 'read' | 'written', work: () => void): void {
    try {
      work();
    } catch (error) {
      if (what === 'written') this.isWritable = false;
      this.warnOnce(`${this.options.folder} cannot be ${what} (${reason(error)})`);
    }
  }

  private warnOnce(found: string): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.options.warn(`the cache of answers: ${found}; the job goes on without what it cannot use of it`);
  }
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}
