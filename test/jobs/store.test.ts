import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeAtomic } from '../../src/files/writeAtomic.js';
import { createJob, findJob, jobsFolder, listJobs } from '../../src/jobs/store.js';

let scratch = '';
let home = '';

beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-store-'));
  home = path.join(scratch, 'home');
  vi.stubEnv('PRECIS_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  fs.rmSync(scratch, { recursive: true });
});

/** Jobs by their ids, as they lie on the disk. */
function lay(...ids: string[]): void {
  for (const id of ids) fs.mkdirSync(path.join(home, 'jobs', id), { recursive: true });
}

describe('jobs', () => {
  it('are made with all that is in them, and listed in the order of their making', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T15:33:22.900Z') });
    const first = await createJob((folder, id) => {
      fs.writeFileSync(path.join(folder, 'spec.json'), id);
      expect(listJobs()).toEqual([]);
    });
    vi.setSystemTime(new Date('2026-11-21T15:33:23Z'));
    const second = await createJob(() => {});
    expect(first.id).toMatch(/^20261121T153322-[0-9a-f]{4}$/);
    expect(first.folder).toBe(path.join(home, 'jobs', first.id));
    expect(fs.readFileSync(path.join(first.folder, 'spec.json'), 'utf8')).toBe(first.id);
    expect(listJobs()).toEqual([first, second]);
  });

  it('of one moment have names of their own', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T15:33:22Z') });
    // With 16 random bits, two of 300 draw the same as often as not.
    const fill = (folder: string, id: string) => fs.writeFileSync(path.join(folder, 'spec.json'), id);
    const made = await Promise.all(Array.from({ length: 300 }, () => createJob(fill)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(300);
    expect(listJobs()).toHaveLength(300);
  });

  it('are not there if making them failed', async () => {
    await expect(createJob(() => Promise.reject(new Error('no spec')))).rejects.toThrow('no spec');
    expect(listJobs()).toEqual([]);
    expect(fs.readdirSync(jobsFolder())).toEqual(['format-version']);
  });

  it('are found by as much of their id as tells them apart', () => {
    expect(listJobs()).toEqual([]);
    expect(fs.existsSync(home)).toBe(false);
    expect(() => findJob('1')).toThrow(
      `[job] no job "1" in ${home}/jobs, expected the id of a job, of which there is none yet; see: precis job list`,
    );
    lay('20261120T100000-00aa', '20261121T100000-00aa', '20261121T110000-00ab', '20261121T120000-00ac', 'notes');
    expect(findJob('20261121T110000-00ab').folder).toBe(path.join(home, 'jobs', '20261121T110000-00ab'));
    expect(findJob('20261120').id).toBe('20261120T100000-00aa');
    expect(findJob('00ab').id).toBe('20261121T110000-00ab');
    expect(() => findJob('20261121')).toThrow(
      '[job] 20261121 may be 3 jobs: 20261121T120000-00ac, 20261121T110000-00ab, 20261121T100000-00aa, expected as much of an id as only one job has',
    );
    expect(() => findJob('00aa')).toThrow('[job] 00aa may be 2 jobs');
    expect(() => findJob('20261121T110000-00ad')).toThrow('expected the id of one, such as 20261121T110000-00ab');
    for (const given of ['', 'notes', '..', '../jobs', '2025']) {
      expect(() => findJob(given)).toThrow(
        'expected the id of one, of which the last are 20261121T120000-00ac, 20261121T110000-00ab, 20261121T100000-00aa',
      );
    }
  });

  it('of a newer precis are refused by the name of the file that says so', async () => {
    lay('20261121T110000-00ab');
    const file = path.join(home, 'jobs', 'format-version');
    fs.writeFileSync(file, '2\n');
    const problem = `[cache] ${file} says format "2", expected a format up to 1; use the newer precis that wrote it`;
    for (const look of [() => listJobs(), () => findJob('2026')]) expect(look).toThrow(problem);
    await expect(createJob(() => {})).rejects.toThrow(problem);
  });
});

describe('a small file that is written', () => {
  it('takes the place of the old one, and readers keep theirs', () => {
    const file = path.join(scratch, 'record.json');
    writeAtomic(file, 'old');
    const held = fs.openSync(file, 'r');
    writeAtomic(file, 'new text');
    expect(fs.readFileSync(held, 'utf8')).toBe('old');
    expect(fs.readFileSync(file, 'utf8')).toBe('new text');
    fs.closeSync(held);
    expect(fs.readdirSync(scratch)).toEqual(['record.json']);
  });

  it('is left as it was when it cannot be written', () => {
    const folder = path.join(scratch, 'folder');
    fs.mkdirSync(path.join(folder, 'inside'), { recursive: true });
    expect(() => writeAtomic(folder, 'x', 'job')).toThrow();
    expect(() => writeAtomic(path.join(scratch, 'missing', 'x'), 'x', 'job')).toThrow(
      /^\[job\] .*missing\/x cannot be made/,
    );
    expect(fs.readdirSync(scratch)).toEqual(['folder']);
  });
});
