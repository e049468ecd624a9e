import { describe, expect, it } from 'vitest';
import { newStats } from '../../src/engine/stats.js';
import { writeReport } from '../../src/measure/report.js';
import { describePython, runPython } from '../python.js';
import { reportOf, run, SWEEP } from './summaries.js';

const PHASES = { ...newStats(), documents: 2, tokenizeMs: 1, encodeMs: 20, decodeMs: 30, copyMs: 4, selectMs: 6 };
/** Two settings, the second of three repetitions, one of which was slow. */
const REPORT = reportOf({ ...SWEEP, device: ['cpu'], precision: ['int8'] }, [
  run(0, 2, { phases: PHASES, peakBytes: 3 * 2 ** 20 }),
  run(1, 1),
  run(1, 4, { peakBytes: 5 * 2 ** 20 }),
  run(1, 0.5),
]);

describe('what the repetitions come to', () => {
  it('is medians, their ends, and the most memory', () => {
    expect(REPORT.summaries).toEqual([
      {
        setting: { device: 'cpu', precision: 'int8', workers: 1, threads: 1, batchRows: 32, numBeams: 1 },
        label: '1 worker',
        repetitions: 1,
        documentsPerSecond: { median: 1, min: 1, max: 1 },
        inputTokensPerSecond: 4,
        outputTokensPerSecond: 3,
        tokenizeMs: 0.5,
        prefillMs: 10,
        decodeMs: 20,
        // 896 operations a document, at one a second, of 8960.
        roofline: { median: 0.1, min: 0.1, max: 0.1 },
        peakBytes: 3 * 2 ** 20,
      },
      expect.objectContaining({
        label: '2 workers',
        repetitions: 3,
        documentsPerSecond: { median: 2, min: 0.5, max: 4 },
        inputTokensPerSecond: 8,
        prefillMs: null,
        roofline: { median: 0.2, min: 0.05, max: 0.4 },
        peakBytes: 5 * 2 ** 20,
      }),
    ]);
  });

  it('takes the ratio to bare products repetition by repetition', () => {
    // The machine was half as fast during the second one, in both.
    const { summaries } = reportOf({ ...SWEEP, device: ['cpu'], precision: ['int8'], workers: [1] }, [
      run(0, 1),
      run(0, 2, { bareRate: 4480 }),
    ]);
    expect(summaries[0].roofline).toEqual({ median: 0.2, min: 0.2, max: 0.2 });
    expect(summaries[0].label).toBe('int8, 1 worker');
  });

  it('has no row for a setting that never ran', () => {
    expect(reportOf(SWEEP, [run(2, 1)]).summaries.map(({ label }) => label)).toEqual(['cpu, int8, 1 worker']);
  });
});

describe('the formats', () => {
  it('json is one object, jsonl one a setting, both with the same figures', () => {
    const object = JSON.parse(writeReport(REPORT, 'json'));
    expect(object).toMatchObject({ model: '/m/t5', documents: 2 });
    const lines = writeReport(REPORT, 'jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(object.settings);
    expect(object.settings[0]).toEqual({
      device: 'cpu',
      precision: 'int8',
      workers: 1,
      threads_per_worker: 1,
      batch_rows: 32,
      num_beams: 1,
      repetitions: 1,
      documents_per_second: 1,
      documents_per_second_min: 1,
      documents_per_second_max: 1,
      input_tokens_per_second: 4,
      output_tokens_per_second: 3,
      tokenize_ms_per_document: 0.5,
      prefill_ms_per_document: 10,
      decode_ms_per_document: 20,
      roofline_share: 0.1,
      peak_memory_mib: 3,
    });
  });

  it('the table is aligned and leaves out what does not differ', () => {
    expect(writeReport(REPORT, 'table').split('\n').slice(3)).toEqual([
      '',
      'precision  workers  rows  beams          documents/s  tokens in/s  tokens out/s  prefill ms  decode ms  roofline  peak MiB',
      '     int8        1    32      1  1.00 (1.00 to 1.00)            4             3       10.00      20.00       10%         3',
      '     int8        2    32      1  2.00 (0.50 to 4.00)            8             6                              20%         5',
      '',
    ]);
  });

  it('md is a table of Markdown with the same cells', () => {
    const lines = writeReport(REPORT, 'md').split('\n');
    const start = lines.findIndex((line) => line.startsWith('|'));
    expect(lines.slice(start + 1)).toEqual([
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| int8 | 1 | 32 | 1 | 1.00 (1.00 to 1.00) | 4 | 3 | 10.00 | 20.00 | 10% | 3 |',
      '| int8 | 2 | 32 | 1 | 2.00 (0.50 to 4.00) | 8 | 6 |  |  | 20% | 5 |',
      '',
    ]);
    expect(lines[start - 1]).toBe('');
  });
});

describePython("csv, read by Python's csv", () => {
  it('has the figures of the JSON, and a device of many characters whole', () => {
    const report = reportOf(SWEEP, [run(0, 1 / 3), run(6, 1, { phases: PHASES })]);
    const read = runPython(
      'import csv, io, json, sys\nprint(json.dumps(list(csv.DictReader(io.StringIO(sys.argv[1])))))',
      [writeReport(report, 'csv')],
    );
    const { settings } = JSON.parse(writeReport(report, 'json'));
    const texts = settings.map((setting: object) =>
      Object.fromEntries(Object.entries(setting).map(([name, value]) => [name, value === null ? '' : String(value)])),
    );
    expect(JSON.parse(read)).toEqual(texts);
    expect(texts[1].device).toBe('a,"b"<&>');
  });
});
