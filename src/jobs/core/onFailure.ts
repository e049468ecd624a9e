import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Session } from './session.js';

/** A command that nobody waits for any more. */
const MOST_SECONDS = 60;

/** Runs the spec's command after a job has failed. Whatever becomes of it changes nothing for the job. */
export function runOnFailure({ history, folder, how }: Session): void {
  const { onFailure } = history.spec;
  if (onFailure === null) return;
  const { error, status, signal } = spawnSync(onFailure, {
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: MOST_SECONDS * 1000,
    env: {
      ...process.env,
      PRECIS_JOB_ID: history.id,
      PRECIS_JOB_STATE: history.state,
      PRECIS_JOB_RECORD: path.join(folder, 'record.json'),
    },
  });
  if (error !== undefined) how.say?.(`onFailure could not be run: ${error.message}`);
  else if (status !== 0) how.say?.(`onFailure ended with ${signal ?? `exit code ${status}`}`);
}
