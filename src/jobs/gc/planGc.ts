import fs from 'node:fs';
import path from 'node:path';
import type { JobState } from '../types.js';

/** What gc has to know of a job; the store and its record tell. */
export interface GcJob {
  readonly id: string;
  readonly folder: string;
  readonly state: JobState;
  readonly name: string | null;
  readonly output: string;
  /** ISO 8601: when it ended, or else was last worked on. */
  readonly at: string;
}

export interface GcOptions {
  /** Jobs that ended longer ago are removed; null: age is no reason. */
  readonly olderThanDays: number | null;
  /** Of a name, or an output without one, the last so many that ended are kept and the others removed; null: number is no reason. */
  readonly keepLast: number | null;
  /** Jobs that were interrupted, or planned and never run, that were last touched longer ago are removed too; null: never. */
  readonly interruptedOlderThanDays: number | null;
  /** Whether a process is at work on it. */
  readonly isHeld: (job: GcJob) => boolean;
  readonly now?: number;
}

export interface GcItem {
  readonly what: 'job' | 'segments' | 'temporary';
  /** Of temporary files beside the jobs: null. */
  readonly job: GcJob | null;
  readonly path: string;
  readonly bytes: number;
  readonly reason: string;
}

const DAY = 86_400_000;
/** A temporary file that was written to since may be in use by a process that is not seen. */
const ABANDONED = 3_600_000;

/** What would be removed, and why; nothing is touched. Never of a job at which a process is at work. */
export function planGc(jobsFolder: string, jobs: readonly GcJob[], options: GcOptions): GcItem[] {
  const now = options.now ?? Date.now();
  const ranks = ranksOf(jobs);
  const items: GcItem[] = temporaryFiles(jobsFolder, now).map((file) => temporary(null, file));
  for (const job of jobs) {
    if (job.state === 'running' || options.isHeld(job)) continue;
    const reason = reasonFor(job, ranks.get(job.id) ?? 0, now, options);
    if (reason !== null) {
      items.push({ what: 'job', job, path: job.folder, bytes: sizeOf(job.folder), reason });
      continue;
    }
    const segments = path.join(job.folder, 'segments');
    const bytes = job.state === 'done' ? sizeOf(segments) : 0;
    if (bytes > 0) items.push({ what: 'segments', job, path: segments, bytes, reason: 'the output is published' });
    for (const file of temporaryFiles(job.folder, now)) items.push(temporary(job, file));
    // Segments that go as a whole need not be looked into.
    if (bytes === 0) for (const file of temporaryFiles(segments, now)) items.push(temporary(job, file));
  }
  return items;
}

function reasonFor(job: GcJob, rank: number, now: number, options: GcOptions): string | null {
  const age = (now - Date.parse(job.at)) / DAY;
  const days = Math.floor(age);
  if (job.state === 'interrupted' || job.state === 'planned') {
    const most = options.interruptedOlderThanDays;
    return most !== null && age > most ? `${job.state}, and not touched for ${days} days` : null;
  }
  if (options.olderThanDays !== null && age > options.olderThanDays) return `${job.state}, ended ${days} days ago`;
  if (options.keepLast !== null && rank >= options.keepLast) {
    return `${job.state}, and ${rank} later ${rank === 1 ? 'job' : 'jobs'} of ${job.name ?? job.output}`;
  }
  return null;
}

/** How many later jobs of the same name, or output without one, have ended. */
function ranksOf(jobs: readonly GcJob[]): Map<string, number> {
  const seen = new Map<string, number>();
  const ranks = new Map<string, number>();
  const ended = jobs.filter(({ state }) => state === 'done' || state === 'failed' || state === 'cancelled');
  for (const job of [...ended].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1))) {
    const group = job.name === null ? `output ${job.output}` : `name ${job.name}`;
    const rank = seen.get(group) ?? 0;
    ranks.set(job.id, rank);
    seen.set(group, rank + 1);
  }
  return ranks;
}

function temporary(job: GcJob | null, file: string): GcItem {
  return { what: 'temporary', job, path: file, bytes: sizeOf(file), reason: 'left by a process that is no more' };
}

/** As our own writers name what is not finished. */
function temporaryFiles(folder: string, now: number): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => /^\.(making-.*|removing-.*|.*\.tmp)$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => now - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now) > ABANDONED);
}

function sizeOf(file: string): number {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return fs.readdirSync(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0);
}
