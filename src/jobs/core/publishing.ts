import fs from 'node:fs';
import type { RecordBatch, Schema } from 'apache-arrow';
import { publishedVersion } from '../../table/delta/transaction.js';
import { openSink, readTable } from '../../table/open.js';
import { isPublished } from '../../table/output/identity.js';
import { removeLeftovers } from '../../table/output/temporary.js';
import { deltaFolder } from '../../table/sinks.js';
import { dropRows } from '../../table/takeRows.js';
import type { FileIdentity, Sink, WriteMode, WriteOptions, WriteResult } from '../../table/types.js';
import { checkRowCounts, OutputChecker } from '../contract/checker.js';
import type { JobSpec } from '../types.js';
import { compileWhere } from '../where/compile.js';
import { aligned } from './aligned.js';
import { FAILED_ROWS_MARK, failedBatch, failedSchema } from './failedRows.js';
import type { JobHistory } from './history.js';
import type { PublishedRecord } from './journalRecords.js';
import { lineageColumns, Places } from './lineage.js';
import type { OpenWork } from './openWork.js';
import { keptRows, outputBatch, outputSchema } from './outputRows.js';
import { now, type Session } from './session.js';

/** Where rows that failed are told of. */
export function failedRowsPath({ output }: JobSpec): string {
  return `${deltaFolder(output.path, { format: output.format ?? undefined }) ?? output.path}.failed.parquet`;
}

/**
 * The last step of a job: the source once more, with what became of its rows, into the output, the file of failures and the routes. The output is published
 * last; whatever was published before a crash is found again and left as it is.
 */
export async function publish(session: Session, opened: OpenWork): Promise<PublishedRecord> {
  return new Publication(session, opened).run();
}

class Publication {
  private readonly generation: number;
  private readonly there: ReadonlyMap<string, FileIdentity>;
  private readonly metadata: ReadonlyMap<string, string>;
  private failed: Sink | null = null;
  private readonly sinks: Sink[] = [];

  constructor(
    private readonly session: Session,
    private readonly opened: OpenWork,
  ) {
    const { generation, published } = session.history;
    // Begun by a process that died, and gone on with: what it had published counts. A new one begins with nothing.
    const isUnderWay = generation > (published?.generation ?? 0);
    this.generation = isUnderWay ? generation : (published?.generation ?? 0) + 1;
    this.there = isUnderWay ? session.history.publishing : new Map();
    this.metadata = session.history.spec.lineage ? lineageMetadata(session.history) : new Map();
  }

  async run(): Promise<PublishedRecord> {
    const { history } = this.session;
    const found = await this.found();
    const done = found ?? (await this.write());
    const hasFailed = history.partitions.some(({ failed }) => failed > 0);
    return {
      kind: 'published',
      generation: this.generation,
      version: done.version ?? null,
      rows: done.rows,
      failedRows: hasFailed ? failedRowsPath(history.spec) : null,
      at: now(),
    };
  }

  /** The output, if a process that died had published it already. */
  private async found(): Promise<Pick<WriteResult, 'rows' | 'version'> | null> {
    const { spec, partitions } = this.session.history;
    const rows = partitions.reduce((sum, one) => sum + one.rows, 0);
    const folder = this.deltaFolder();
    if (folder !== null) {
      const version = await publishedVersion(folder, this.application);
      return version === null ? null : { rows, version };
    }
    const identity = this.there.get(spec.output.path);
    return identity && isPublished(spec.output.path, identity) ? { rows } : null;
  }

  private get application(): string {
    return `precis-job-${this.session.history.id}-${this.generation}`;
  }

  private deltaFolder(): string | null {
    const { path, format } = this.session.history.spec.output;
    return deltaFolder(path, { format: format ?? undefined });
  }

  private async write(): Promise<WriteResult> {
    const { history, segments, how } = this.session;
    const { signal } = how;
    const { spec, work, partitions } = history;
    const { table, functions } = this.opened;
    const schema = outputSchema(table.schema, spec, functions, this.metadata);
    const places = new Places(await table.parts());
    const checker = new OutputChecker(spec.result, { label: spec.output.path });
    let rowsOut = 0;
    try {
      const main = await this.open(spec.output.path, schema, this.mainOptions());
      const routes = await this.openRoutes(schema);
      const failing = failedSchema(table.schema, spec.key, history.id);
      const committed = partitions.reduce((sum, one) => sum + one.rows, 0);
      const source = table.batches({ signal, limit: committed });
      for await (const { batch, segment, firstRow, done } of aligned(source, partitions, segments)) {
        const place = { segment, firstRow, at: done.at, runId: history.id, work, places };
        const lineage = spec.lineage ? lineageColumns({ ...place, fallbackModel: spec.fallbackModel }) : null;
        const out = keptRows(outputBatch(schema, batch, segment, spec, lineage), segment, spec);
        checker.add(out);
        rowsOut += out.numRows;
        if (out.numRows > 0) await main.write(out);
        for (const route of routes) await route.write(out);
        const failures = failedBatch(failing, batch, { ...place, key: spec.key });
        if (failures !== null) {
          this.failed ??= await this.open(failedRowsPath(spec), failing, { mode: 'overwrite', format: 'parquet' });
          await this.failed.write(failures);
        }
      }
      signal.throwIfAborted();
      checker.finish();
      this.checkCounts(rowsOut);
    } catch (error) {
      for (const sink of this.sinks) await sink.abort().catch(() => {});
      throw error;
    }
    return this.publishAll();
  }

  private checkCounts(rowsOut: number): void {
    const { spec, totals } = this.session.history;
    const { keepFailed, keepFiltered, path } = spec.output;
    const failed = keepFailed ? 0 : totals.failed;
    const filtered = keepFiltered ? 0 : totals.filtered;
    checkRowCounts({ rowsIn: totals.rows, rowsOut, failed, filtered }, path);
  }

  /** The output last: when it is there, all is. */
  private async publishAll(): Promise<WriteResult> {
    const [main, ...others] = this.sinks;
    const left = [...others, main];
    try {
      for (let sink = left.shift()!; left.length > 0; sink = left.shift()!) await sink.publish();
      if (this.failed === null) await removeOldFailures(failedRowsPath(this.session.history.spec));
      return await main.publish();
    } catch (error) {
      for (const sink of left) await sink.abort().catch(() => {});
      throw error;
    }
  }

  private mainOptions(): WriteOptions {
    const { spec } = this.session.history;
    const { mode, format, delimiter, header } = spec.output;
    const writeMode: WriteMode = mode === 'create' ? (this.generation > 1 ? 'overwrite' : 'error') : mode;
    return {
      mode: writeMode,
      ...(mode === 'merge' && { mergeKey: spec.key, mergeColumns: spec.columns.map(({ name }) => name) }),
      ...(format !== null && { format }),
      ...(delimiter !== null && { delimiter }),
      ...(!header && { header }),
      ...(this.deltaFolder() !== null && { transaction: { app: this.application, version: 1 } }),
    };
  }

  /** A sink that says in the journal when its file is about to appear. */
  private async open(target: string, schema: Schema, options: WriteOptions): Promise<Sink> {
    removeLeftovers(target);
    const sink = await openSink(target, schema, {
      ...options,
      onReady: (identity) =>
        this.session.add({
          kind: 'publishing',
          target,
          identity,
          generation: this.generation,
          at: now(),
        }),
    });
    this.sinks.push(sink);
    return sink;
  }

  private async openRoutes(schema: Schema): Promise<{ write(batch: RecordBatch): Promise<void> }[]> {
    const { spec } = this.session.history;
    const routes: { write(batch: RecordBatch): Promise<void> }[] = [];
    for (const { where, output } of spec.routes) {
      const identity = this.there.get(output);
      // Made by a process that died before it came to the output.
      const isThere = identity !== undefined && fs.existsSync(output) && isPublished(output, identity);
      if (isThere) continue;
      const condition = compileWhere(where, schema);
      const mode = spec.output.mode === 'create' && this.generation === 1 ? 'error' : 'overwrite';
      const sink = await this.open(output, schema, { mode });
      routes.push({
        write: async (batch) => {
          const keep = condition.mask(batch);
          if (keep.includes(1)) await sink.write(keep.includes(0) ? dropRows(batch, keep) : batch);
        },
      });
    }
    return routes;
  }
}

/** Said of the table as a whole. */
function lineageMetadata({ id, work, spec }: JobHistory): Map<string, string> {
  const models = work.columns.map(({ name, uri, modelHash, precision }) => ({
    column: name,
    uri,
    hash: modelHash,
    precision,
  }));
  return new Map([
    ['precis.run_id', id],
    ['precis.version', work.precisVersion],
    ['precis.models', JSON.stringify(models)],
    ['precis.source', work.source.label],
    ...(spec.name === null ? [] : [['precis.job', spec.name] as const]),
  ]);
}

/** Failures of an earlier run that this one has not: their file would say otherwise. Only one of ours is taken away. */
async function removeOldFailures(file: string): Promise<void> {
  if (!fs.existsSync(file)) return;
  try {
    const table = await readTable(file);
    if (table.schema.metadata.has(FAILED_ROWS_MARK)) fs.rmSync(file, { force: true });
  } catch {
    // It is no file of ours.
  }
}
