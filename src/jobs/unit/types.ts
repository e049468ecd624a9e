import type { MissedPolicy } from '../schedule/schedule.js';

/** What a unit is made of: a schedule, and what the spec says of time and failure. */
export interface UnitOptions {
  /** Names the unit; the spec's name, or the file's. */
  readonly name: string;
  /** For people who read a list of units. */
  readonly description?: string;
  readonly cron: string;
  readonly timezone?: string | null;
  readonly missed?: MissedPolicy;
  readonly jitterSeconds?: number;
  /** Arguments of precis, such as job run /srv/nightly.yaml. Started again after a crash they have to resume. */
  readonly args: readonly string[];
  /** Seconds that one run may take, as the spec says. */
  readonly deadline?: number | null;
  /** The spec's command for a failure: precis runs it itself unless it is killed. */
  readonly onFailure?: string | null;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Seconds from SIGTERM to SIGKILL: a run that is asked to stop finishes what it is committing. */
export const STOP_SECONDS = 90;
/** Precis ends a run at its deadline itself; whoever watches from outside waits so much longer. */
export const AFTER_DEADLINE = 60;
/** Of exit codes: wrong usage and too many failed rows are the same the next time. */
export const NOT_AGAIN = [2, 3];

export interface UnitFile {
  readonly file: string;
  readonly text: string;
}

export interface Unit {
  readonly files: readonly UnitFile[];
  /** What is not as in the foreground, one line each. */
  readonly notes: readonly string[];
}

/** As names of units and objects have to be: lower case, digits, hyphens. */
export function plainName(name: string, longest: number): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'job' : plain;
}
