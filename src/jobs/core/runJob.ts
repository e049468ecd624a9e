import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { acquireLock, type Lock } from '../../files/lock.js';
import { realTarget } from '../../table/output/realTarget.js';
import { deltaFolder } from '../../table/sinks.js';
import { openJournal } from '../journal/journal.js';
import { drift } from '../observe/drift.js';
import { ResourceMeter } from '../observe/resourceMeter.js';
import type { JobRecord } from '../record.js';
import { findJob } from '../store.js';
import { beginRun } from './beginRun.js';
import { computeRest } from './computeRest.js';
import { Deadline } from './deadline.js';
import { JobHistory } from './history.js';
import { CANCEL_FILE, type EndedRecord, type JournalRecord, type RunFigures } from './journalRecords.js';
import { historiesOf } from './lookAt.js';
import { runOnFailure } from './onFailure.js';
import type { OpenWork } from './openWork.js';
import { publish } from './publishing.js';
import { keepRecord, recordOf } from './recordOf.js';
import { retryFailed } from './retryFailed.js';
import { removeUnnamed } from './segments.js';
import { now, type RunHow, Session } from './session.js';
import { Stopped } from './stopped.js';

/** Works on a job until it is done or cannot go on; what is committed stays, however it ends. */
export async function runJob(id: string, how: RunHow): Promise<JobRecord> {
  const { folder } = findJob(id);
  const file = path.join(folder, 'journal');
  const lock = acquireLock(path.join(folder, 'lock'), { what: `job ${id}`, who: `job ${id}` });
  try {
    const { records, journal } = openJournal<JournalRecord>(file);
    const history = JobHistory.of(records, file);
    const deadline = new Deadline(history.spec.deadline, how.signal);
    try {
      refuseEnded(history, how.action);
      return await new Run(new Session(folder, history, journal, { ...how, signal: deadline.signal }), deadline).run();
    } finally {
      deadline.clear();
      journal.close();
    }
  } finally {
    lock.release();
    await how.opened?.close();
  }
}

function refuseEnded({ id, state, totals }: JobHistory, action: RunHow['action']): void {
  if (action === 'retry' && state === 'done' && totals.failed === 0) {
    throw new PrecisError('job', { found: `no row of job ${id} has failed`, expected: 'rows to try again' });
  }
  if (action === 'retry' ? state === 'done' || state === 'failed' : state !== 'cancelled' && state !== 'done') return;
  throw new PrecisError('job', {
    found: `job ${id} is ${state}`,
    expected: action === 'retry' ? 'a job that has ended' : 'a job that was interrupted or has failed',
    action:
      state === 'done'
        ? 'retry its failed rows (precis job retry), or run the spec again'
        : 'resume it first, or run the spec again',
  });
}

class Run {
  private readonly meter = new ResourceMeter();
  private readonly began = performance.now();
  private opened: OpenWork | null = null;

  constructor(
    private readonly session: Session,
    private readonly deadline: Deadline,
  ) {}

  async run(): Promise<JobRecord> {
    const { session } = this;
    const { history, folder } = session;
    const outputLock = lockOutput(history);
    try {
      this.opened = await beginRun(session);
      const stopped = await this.compute(this.opened);
      await this.finish(this.opened, stopped);
      this.end(stopped === null ? 'done' : 'failed', stopped);
    } catch (thrown) {
      const error = this.deadline.passed() ?? thrown;
      // A journal that cannot be written tells the truth up to here; the first error is the one that matters.
      if (history.state === 'running') tryTo(() => this.end(this.stateAfter(), error));
      if (history.state === 'failed') tryTo(() => keepRecord(folder, history));
      if (history.state === 'failed') runOnFailure(session);
      throw error;
    } finally {
      await this.opened?.close();
      outputLock.release();
    }
    // Without failures nobody needs the parts any more.
    if (history.state === 'done' && history.totals.failed === 0) removeUnnamed(session.segments, new Set());
    return {
      ...keepRecord(folder, history),
      drift: drift(
        recordOf(history, true),
        historiesOf().map((other) => recordOf(other, true)),
      ),
    };
  }

  /** Why the job stopped at a limit, where what there is shall be published all the same. */
  private async compute(opened: OpenWork): Promise<Stopped | null> {
    const { how } = this.session;
    try {
      if (how.action === 'retry') await retryFailed(this.session, opened);
      await computeRest(this.session, opened);
      how.signal.throwIfAborted();
      return null;
    } catch (error) {
      if (error instanceof Stopped && how.publishPartial) return error;
      throw error;
    }
  }

  private async finish(opened: OpenWork, stopped: Stopped | null): Promise<void> {
    const { session } = this;
    const { history, clock, how } = session;
    const begin = performance.now();
    if (stopped !== null) session.tell(`publishing ${history.totals.rows} rows, although ${stopped.what}`);
    const work = () => publish(session, opened);
    session.add(await (how.observer?.step(history.id, 'publish', work) ?? work()));
    clock.tableMs += performance.now() - begin;
  }

  private stateAfter(): EndedRecord['state'] {
    const { folder, how } = this.session;
    if (fs.existsSync(path.join(folder, CANCEL_FILE))) return 'cancelled';
    return how.signal.aborted && this.deadline.passed() === null ? 'interrupted' : 'failed';
  }

  private end(state: EndedRecord['state'], error: unknown): void {
    const problem = error === null ? null : (error instanceof Error ? error.message : String(error)).split('\n')[0];
    this.session.add({ kind: 'ended', state, problem, figures: this.figures(), at: now() });
  }

  private figures(): RunFigures {
    const peaks =
      this.opened?.functions.map(({ stats }) => stats.hostPeakBytes).filter((bytes) => bytes !== null) ?? [];
    const { tableMs, engineMs, loadMs } = this.session.clock;
    const use = this.meter.read();
    return {
      seconds: (performance.now() - this.began) / 1000,
      tableSeconds: tableMs / 1000,
      engineSeconds: engineMs / 1000,
      modelLoadSeconds: loadMs / 1000,
      cpuSeconds: use.cpu_seconds,
      peakBytes: use.peak_memory_bytes,
      enginePeakBytes: peaks.length === 0 ? null : peaks.reduce((sum, bytes) => sum + bytes, 0),
      events: this.session.events,
    };
  }
}

/** Two jobs on one output would each publish without the other's rows. */
function lockOutput({ id, spec }: JobHistory): Lock {
  const { path: target, format } = spec.output;
  const real = realTarget(deltaFolder(target, { format: format ?? undefined }) ?? target);
  fs.mkdirSync(path.dirname(real), { recursive: true });
  const file = path.join(path.dirname(real), `.${path.basename(real).slice(0, 200)}.precis-lock`);
  return acquireLock(file, { what: target, who: `job ${id}` });
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {}
}
