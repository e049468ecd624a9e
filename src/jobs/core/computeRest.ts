import { retryRows } from '../../predict/detailed/retryRows.js';
import type { DetailedFunction } from '../../predict/detailed/types.js';
import { InputChecker } from '../contract/checker.js';
import { computed } from './computing.js';
import { COMPUTED } from './flags.js';
import type { PartitionDone } from './journalRecords.js';
import { checkLimits } from './limits.js';
import { neededColumns } from './neededColumns.js';
import { type KnownSources, openKnown } from './openKnown.js';
import { modelOf, type OpenWork, openFunction } from './openWork.js';
import { type Partition, partitioned } from './partitions.js';
import { countsOf, faultsOf, hasFaults } from './rows.js';
import { type Segment, writeSegment } from './segments.js';
import { now, type Session } from './session.js';

/** Computes and commits, partition by partition, what the journal does not have yet. */
export async function computeRest(session: Session, opened: OpenWork): Promise<void> {
  const { history, how } = session;
  const { spec, work, partitions } = history;
  const rows = work.partitionRows;
  const last = partitions.at(-1);
  // A last partition that is short was the source's end.
  if (last !== undefined && last.rows < rows) return;
  const first = partitions.length;
  const { table, functions } = opened;
  const { signal } = how;
  const source = timed(session, table.batches({ columns: neededColumns(spec), offset: first * rows, signal }));
  const texts = [...new Set(spec.columns.flatMap(({ text }) => text))];
  const known = await openKnown(session, opened);
  const pieces = computed(source, {
    functions,
    texts,
    filter: spec.filter,
    known,
    pieceRows: Math.min(rows, 4096),
    signal,
  });
  const retries = new Retries(session, opened);
  const checker = new InputChecker(spec.input, { label: table.label, total: work.source.rows, from: last?.checked });
  let begin = performance.now();
  try {
    for await (const partition of partitioned(pieces, { first, rows })) {
      checker.add(partition.batch);
      const segment = await retries.of(partition);
      const end = performance.now();
      session.clock.engineMs += end - begin;
      commit(session, { ...partition, checked: checker.checked }, segment, (end - begin) / 1000);
      await learn(known, partition, segment);
      signal.throwIfAborted();
      begin = performance.now();
    }
    checker.finish();
  } finally {
    await retries.close();
    for (const { rows } of known) await rows.close();
  }
}

/** What was computed just now without a failure, and by its own model. */
async function learn(known: KnownSources, { batch }: Partition, { flags, details, fallback }: Segment): Promise<void> {
  const faults = faultsOf(details);
  const mask = flags.map((flag, row) =>
    flag === COMPUTED && !fallback[row] && (faults?.[row] ?? null) === null ? 1 : 0,
  );
  for (const { rows } of known) await rows.learn(batch, mask, details);
}

/** The segment is on the disk before the journal names it. */
export function commit(
  session: Session,
  { partition, firstRow, checked }: Pick<PartitionDone, 'partition' | 'firstRow' | 'checked'>,
  segment: Segment,
  seconds: number,
): void {
  const file = writeSegment(session.segments, partition, segment);
  const counts = countsOf(segment);
  session.add({ kind: 'partition', partition, firstRow, segment: file, checked, ...counts, seconds, at: now() });
  session.how.onProgress?.(session.history, null);
  checkLimits(session.history, counts.failed, { partition, firstRow, segment });
}

/** Time in which the source was read, as far as the functions waited for it. */
async function* timed<Batch>({ clock }: Session, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  let begin = performance.now();
  for await (const batch of batches) {
    clock.tableMs += performance.now() - begin;
    yield batch;
    begin = performance.now();
  }
}

/** Tries rows that failed once more before their partition is committed: by their own function, then by the fallback's, which opens when it is needed. */
class Retries {
  private readonly fallbacks = new Map<number, Promise<DetailedFunction>>();

  constructor(
    private readonly session: Session,
    private readonly opened: OpenWork,
  ) {}

  async of({ batch, flags, details }: Partition): Promise<Segment> {
    const attempts = Int32Array.from(flags, () => 1);
    const fallback = new Uint8Array(flags.length);
    const final = [...details];
    const { spec } = this.session.history;
    for (const [at, fn] of this.opened.functions.entries()) {
      if (!hasFaults(details[at])) continue;
      const again = await retryRows(fn, batch, details[at], {
        times: spec.retry.maxRetries,
        fallback: await this.fallback(at),
        signal: this.session.how.signal,
      });
      final[at] = again.details;
      for (let row = 0; row < flags.length; row++) {
        attempts[row] = Math.max(attempts[row], again.attempts[row]);
        fallback[row] = Math.max(fallback[row], again.fallback[row]);
      }
    }
    return { flags, attempts, fallback, details: final };
  }

  async close(): Promise<void> {
    for (const fn of this.fallbacks.values()) await (await fn).close();
  }

  private fallback(at: number): Promise<DetailedFunction> | undefined {
    const { spec } = this.session.history;
    const column = spec.columns[at];
    const { fallbackModel } = spec;
    if (fallbackModel === null || column.fn === 'module' || modelOf(spec, column) === fallbackModel) return undefined;
    const open = this.fallbacks.get(at) ?? openFunction(spec, column, fallbackModel);
    this.fallbacks.set(at, open);
    return open;
  }
}
