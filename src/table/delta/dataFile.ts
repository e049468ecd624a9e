import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { RecordBatch, Schema } from 'apache-arrow';
import { removeOnExit } from '../../files/removeOnExit.js';
import { syncToDisk } from '../../files/sync.js';
import { outputProblem } from '../output/outputProblem.js';
import { createParquetSink } from '../parquet/parquetSink.js';
import type { Sink } from '../types.js';
import type { AddFile } from './actions.js';
import { encodedPath, partitionFolder } from './paths.js';
import { FileStats } from './stats.js';

/** Where a new data file belongs. */
export interface DataFolder {
  readonly table: string;
  readonly partitionColumns: readonly string[];
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

/**
 * A data file while it is written. It stands under its own name at once: no reader looks for files that no commit names, and one
 * that a crash leaves behind is harmless.
 */
export class DataFile {
  private readonly stats: FileStats;
  private readonly made: readonly string[];
  private readonly forget: () => void;

  private constructor(
    private readonly folder: DataFolder,
    private readonly relative: string,
    private readonly sink: Sink,
    schema: Schema,
    made: readonly string[],
  ) {
    this.stats = new FileStats(schema);
    this.made = made;
    this.forget = removeOnExit(this.path);
  }

  static async create(folder: DataFolder, number: number, schema: Schema): Promise<DataFile> {
    const { table, partitionColumns, partitionValues } = folder;
    const name = `part-${String(number).padStart(5, '0')}-${randomUUID()}-c000.zstd.parquet`;
    const relative = path.posix.join(partitionFolder(partitionColumns, partitionValues), name);
    const made = makeFolders(path.dirname(path.join(table, relative)));
    const sink = await createParquetSink(path.join(table, relative), schema, {});
    return new DataFile(folder, relative, sink, schema, made);
  }

  private get path(): string {
    return path.join(this.folder.table, this.relative);
  }

  async write(batch: RecordBatch): Promise<void> {
    this.stats.add(batch);
    await this.sink.write(batch);
  }

  /** Closes the file and has it on the disk; `kept` is to be called once a commit names it. */
  async finish(): Promise<AddFile> {
    await this.sink.publish();
    syncToDisk(this.path);
    syncToDisk(path.dirname(this.path));
    const { size, mtimeMs } = fs.statSync(this.path);
    return {
      path: encodedPath(this.relative),
      partitionValues: this.folder.partitionValues,
      size,
      modificationTime: Math.floor(mtimeMs),
      dataChange: true,
      stats: this.stats.json(),
    };
  }

  kept(): void {
    this.forget();
  }

  async abort(isFinished: boolean): Promise<void> {
    if (!isFinished) await this.sink.abort();
    fs.rmSync(this.path, { force: true });
    this.forget();
    for (const folder of this.made) removeIfEmpty(folder);
  }
}

/** Makes a folder and returns those that were not there, the innermost first. */
function makeFolders(folder: string): string[] {
  // Absolute, so that the way up has an end: the folder above `.` is `.` again.
  const innermost = path.resolve(folder);
  const first = makeFolder(innermost);
  const made: string[] = [];
  if (first === undefined) return made;
  for (let at = innermost; at.length >= first.length; at = path.dirname(at)) made.push(at);
  return made;
}

function makeFolder(folder: string): string | undefined {
  try {
    return fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw outputProblem(error, folder);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Another writer uses it too, or has removed it.
  }
}
