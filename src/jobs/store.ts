import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { nearestName, PrecisError } from '../errors.js';
import { makeDirectory } from '../files/atomicDir.js';
import { checkFormat, openFormatFolder } from '../files/formatVersion.js';
import { HOME_FORMAT, homePath, openHome } from '../files/home.js';

/** The arrangement of a job's files. It goes up when an older precis would misread a newer one's jobs. */
export const JOBS_FORMAT = 1;

/** When it was made (UTC), so that names sort by time, and what tells it from others of that second. */
const ID = /^\d{8}T\d{6}-[0-9a-f]{4}$/;

/** An unknown id's message names so many of the last ones. */
const SHOWN = 3;

export interface StoredJob {
  readonly id: string;
  readonly folder: string;
}

export function jobsFolder(): string {
  return path.join(homePath(), 'jobs');
}

/** Makes a job's folder, which is there with all that `fill` writes into it (a file at least), or not at all. */
export async function createJob(fill: (folder: string, id: string) => void | Promise<void>): Promise<StoredJob> {
  openFormatFolder(path.join(openHome(), 'jobs'), JOBS_FORMAT);
  for (;;) {
    const id = newId(new Date());
    const folder = path.join(jobsFolder(), id);
    // Somebody else may have made one of the same name in the same second.
    if (await makeDirectory(folder, (temporary) => fill(temporary, id))) return { id, folder };
  }
}

function newId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

/** All jobs, the oldest first. Makes nothing. */
export function listJobs(): StoredJob[] {
  const folder = jobsFolder();
  if (!fs.existsSync(folder)) return [];
  checkFormat(homePath(), HOME_FORMAT);
  checkFormat(folder, JOBS_FORMAT);
  const ids = fs.readdirSync(folder).filter((name) => ID.test(name));
  return ids.sort().map((id) => ({ id, folder: path.join(folder, id) }));
}

/** The job of this id, or the only one whose id begins or ends like this. */
export function findJob(given: string): StoredJob {
  const jobs = listJobs();
  const exact = jobs.find(({ id }) => id === given);
  if (exact) return exact;
  const alike = given === '' ? [] : jobs.filter(({ id }) => id.startsWith(given) || id.endsWith(`-${given}`));
  if (alike.length === 1) return alike[0];
  if (alike.length > 1) {
    throw new PrecisError('job', {
      found: `${given} may be ${alike.length} jobs: ${lastOf(alike)}`,
      expected: 'as much of an id as only one job has',
    });
  }
  throw new PrecisError('job', {
    found: `no job ${JSON.stringify(given.slice(0, 100))} in ${jobsFolder()}`,
    expected: expectedJob(given, jobs),
    action: 'see: precis job list',
  });
}

function expectedJob(given: string, jobs: readonly StoredJob[]): string {
  if (jobs.length === 0) return 'the id of a job, of which there is none yet';
  const ids = jobs.map(({ id }) => id);
  // Ids of one day differ in few places: only one that is nearly right is more helpful than the last ones.
  const nearest = given.length < 12 ? null : nearestName(given, ids);
  return nearest === null
    ? `the id of one, of which the last are ${lastOf(jobs)}`
    : `the id of one, such as ${nearest}`;
}

function lastOf(jobs: readonly StoredJob[]): string {
  return jobs
    .slice(-SHOWN)
    .reverse()
    .map(({ id }) => id)
    .join(', ');
}
