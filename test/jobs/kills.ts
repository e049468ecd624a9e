import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { hostOf } from '../cli/processes.js';
import { random, type Workplace } from './jobs.js';

export interface Killed {
  readonly kills: number;
  /** Jobs that were carried to their end. */
  readonly jobs: number;
  /** Kills that fell into a resume of a job that had been killed before. */
  readonly inResume: number;
  /** Outputs, to be compared with that of an undisturbed run. */
  readonly outputs: readonly string[];
}

/**
 * Runs one job after the other, kills each at a seeded moment of its run, resumes it, kills that too, and so on, until so many kills fell. Every
 * `calm`-th run is left alone, so that jobs end. `who`: the command itself, or its engine host.
 */
export async function killed(
  place: Workplace,
  kills: number,
  who: 'supervisor' | 'host',
  seed: number,
  more: object = {},
): Promise<Killed> {
  const draw = random(seed);
  const outputs: string[] = [];
  let [done, jobs, inResume] = [0, 0, 0];
  // How long a whole run takes here and now: moments are drawn from that.
  const { file, out } = place.spec({ ...more });
  const begin = performance.now();
  if ((await place.start(['job', 'run', file]).end) !== 0) throw new Error('the undisturbed run failed');
  const whole = performance.now() - begin;
  outputs.push(out);
  while (done < kills) {
    const spec = place.spec({ ...more });
    let args = ['job', 'run', spec.file];
    for (let attempt = 0; ; attempt++) {
      const run = place.start(args);
      const isCalm = done >= kills || (who === 'host' ? attempt > 0 : draw() < 0.15);
      if (!isCalm) {
        await Promise.race([run.end, setTimeout(draw() * whole * (who === 'host' ? 0.9 : 1.05))]);
        const victim = who === 'host' ? hostOf(run.child.pid as number) : run.child.pid;
        if (run.child.exitCode === null && victim !== undefined) {
          try {
            process.kill(victim, 'SIGKILL');
            done++;
            if (attempt > 0) inResume++;
          } catch {
            // It ended by itself a moment ago: that was no kill.
          }
        }
      }
      const end = await run.end;
      if (end === 0) break;
      if (end !== 'SIGKILL') throw new Error(`exit ${end}: ${await run.stderr}`);
      const planned = JSON.parse(place.precis(['job', 'list', '--json']).stdout).jobs.find(
        (job: { output: string }) => job.output === spec.out,
      );
      // Killed before there was a job: nothing was begun.
      args = planned === undefined ? ['job', 'run', spec.file] : ['job', 'resume', planned.id];
      // Killed between the job's last line and its exit.
      if (planned?.state === 'done') break;
    }
    outputs.push(spec.out);
    jobs++;
  }
  return { kills: done, jobs, inResume, outputs };
}

/** The files whose bytes are not those of the first. */
export function different(files: readonly string[]): string[] {
  const [first, ...others] = files;
  const bytes = fs.readFileSync(first);
  return others.filter((file) => !fs.readFileSync(file).equals(bytes));
}
