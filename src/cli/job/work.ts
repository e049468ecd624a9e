import type { JobHistory } from '../../jobs/core/history.js';
import type { RunHow } from '../../jobs/core/session.js';
import type { JobRecord } from '../../jobs/record.js';
import type { UdfStats } from '../../predict/udfTypes.js';
import { PAST_THRESHOLD } from '../errors.js';
import type { Values } from '../generationArguments.js';
import { interruptible } from '../interrupt.js';
import { print, say } from '../io.js';
import { Progress } from '../progress.js';
import { recordText } from './recordText.js';

export type WorkHow = Pick<RunHow, 'action'> &
  Partial<Pick<RunHow, 'opened' | 'acceptChanges' | 'publishPartial' | 'retryModel' | 'change'>>;

/** Works on a job with a progress bar, and prints its record. */
export async function workOn(id: string, how: WorkHow, values: Values): Promise<void> {
  const record = await worked(id, how);
  print(values.json === true ? `${JSON.stringify(record)}\n` : recordText(record));
  if (record.state === 'failed') process.exitCode = PAST_THRESHOLD;
}

export async function worked(id: string, how: WorkHow): Promise<JobRecord> {
  const { runJob } = await import('../../jobs/core/runJob.js');
  const left = `interrupted: what is done is kept; precis job resume ${id} goes on`;
  let progress: Progress | null = null;
  try {
    return await interruptible(left, (signal) =>
      runJob(id, {
        ...how,
        signal,
        say: (line) => (progress ? progress.say(line) : say(line)),
        onProgress: (history, underWay) => {
          if (progress === null) {
            progress = new Progress('rows', history.work.source.rows ?? undefined, undefined, history.totals.rows);
            progress.start();
          }
          progress.update(workDone(history, underWay));
        },
      }),
    );
  } finally {
    (progress as Progress | null)?.end();
  }
}

/** Committed rows, and the texts of partitions that are under way. */
function workDone({ totals, partitions }: JobHistory, underWay: UdfStats | null) {
  const before = partitions.length === 0 ? 0 : totals.rows;
  return {
    done: Math.max(before, underWay === null ? 0 : underWay.rows),
    tokens: totals.inputTokens + totals.outputTokens,
    truncated: totals.truncated,
    failed: totals.failed,
  };
}
