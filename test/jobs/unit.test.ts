import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { nextTimes } from '../../src/jobs/schedule/cron.js';
import { type CronJobOptions, cronJob } from '../../src/jobs/unit/cronJob.js';
import { onCalendar } from '../../src/jobs/unit/onCalendar.js';
import { type SystemdOptions, systemdUnit } from '../../src/jobs/unit/systemd.js';
import { hasModule, runPython } from '../python.js';
import { temporaryFolder } from './temporary.js';

const analyze = spawnSync('systemd-analyze', ['calendar', 'daily'], { encoding: 'utf8' });
const hasSystemd = analyze.status === 0;
if (!hasSystemd) console.log(`skipped what asks systemd: systemd-analyze ${analyze.error?.message ?? analyze.stderr}`);

// biome-ignore lint/suspicious/noTemplateCurlyInString: as a shell would see it
const AWKWARD = "a b\"c\\d %h $HOME ${X} 'q' 50% é\n$(id) `id`; # x";

const SYSTEMD: SystemdOptions = {
  name: 'Nightly: contracts',
  cron: '30 2 * * 1-5',
  timezone: 'Europe/Berlin',
  missed: 'run-once',
  jitterSeconds: 300,
  command: [process.execPath, '/opt/precis/main.js'],
  args: ['job', 'run', '/srv/specs/nightly.yaml'],
  workingDirectory: '/srv',
  deadline: 3600,
  onFailure: 'mail -s "failed 100%" ops@example.org < "$PRECIS_JOB_RECORD"',
  environment: { PRECIS_HOME: '/var/lib/precis', NOTE: AWKWARD },
};

const CRON_JOB: CronJobOptions = {
  ...SYSTEMD,
  image: 'registry.example.org/precis:1',
  claim: 'precis-home',
  spec: { path: '/srv/specs/nightly.yaml', text: 'name: nightly\nnote: "yes: # no"\n\n  \ttail\n' },
  resources: { cpu: '2', memory: '4Gi' },
};

describe.skipIf(!hasSystemd)('what systemd says', () => {
  const EXPRESSIONS = [
    ...[
      '0 2 * * *',
      '*/7 * * * *',
      '0 */5 1-10/3 * *',
      '15,45 8-17 * * mon-fri',
      '0 0 * * 7',
      '0 0 1 1,7 *',
      '@weekly',
    ],
    ...['0 0 13 * 5', '30 4 1,15 * 5', '59 23 31 12 *', '0 0 29 2 *', '*/20 30 6 * * 6', '0 12 ? * sun,wed'],
    ...['0 0 */2 * mon', '0 0 28-31 * *', '1-59/2 * * * *', '0 22 * 1-3,11-12 1,3,5'],
  ];

  test('an OnCalendar is due whenever the cron expression is', () => {
    const from = '2026-11-21T15:04:05Z';
    const lines = EXPRESSIONS.map((cron) => onCalendar(cron, 'UTC'));
    const args = ['calendar', '--iterations=40', '--base-time=2026-11-21 15:04:05 UTC', ...lines.flat()];
    const { stdout, stderr, status } = spawnSync('systemd-analyze', args, {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    });
    expect(`${status} ${stderr}`).toBe('0 ');
    const answers = stdout
      .split(/\n\n/)
      .map((block) =>
        [...block.matchAll(/(?:Next elapse|Iter\. #\d+|Iteration #\d+): \w+ (\S+) (\S+) UTC/g)].map(
          ([, day, time]) => `${day}T${time}`,
        ),
      );
    expect(answers).toHaveLength(lines.flat().length);
    EXPRESSIONS.forEach((cron, i) => {
      const ofSystemd = [...new Set(lines[i].flatMap(() => answers.shift()!))].sort().slice(0, 20);
      const ours = nextTimes(cron, ofSystemd.length, { timezone: 'UTC', from: new Date(from) });
      expect({ cron, times: ours.map((time) => time.toISOString().slice(0, 19)) }).toEqual({ cron, times: ofSystemd });
      expect(ofSystemd.length).toBeGreaterThan(2);
    });
  });

  test.each([
    ['with everything', SYSTEMD],
    [
      'with the least',
      {
        ...SYSTEMD,
        deadline: null,
        onFailure: null,
        environment: {},
        jitterSeconds: 0,
        timezone: null,
        missed: 'skip' as const,
      },
    ],
    [
      'with awkward words',
      { ...SYSTEMD, description: AWKWARD, args: ['job', 'run', AWKWARD], onFailure: AWKWARD, workingDirectory: '/srv' },
    ],
  ])('a unit %s is verified without a word', (_, options) => {
    const folder = temporaryFolder();
    const { files } = systemdUnit(options);
    for (const { file, text } of files) writeFileSync(path.join(folder, file), text);
    const verified = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...files.map(({ file }) => path.join(folder, file))],
      {
        encoding: 'utf8',
      },
    );
    // Other units of the machine may have their own troubles.
    const ours = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes('precis-'));
    expect(ours).toEqual([]);
  });

  test('what is wrong in a unit would be seen', () => {
    const file = path.join(temporaryFolder(), 'precis-wrong.service');
    writeFileSync(file, systemdUnit(SYSTEMD).files[0].text.replace('KillMode=mixed', 'KillMode=wrong'));
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(stderr).toMatch(/precis-wrong\.service:\d+: Failed to parse kill mode/);
  });
});

test('the units of a job, in full', () => {
  const { files, notes } = systemdUnit({
    ...SYSTEMD,
    environment: { PRECIS_HOME: '/var/lib/precis' },
    command: ['/usr/bin/precis'],
  });
  expect(files.map(({ file }) => file)).toEqual(['precis-nightly-contracts.service', 'precis-nightly-contracts.timer']);
  expect(files[0].text).toBe(`[Unit]
Description=precis job Nightly: contracts
Wants=network-online.target
After=network-online.target
# Three attempts in a row; each goes on where the last one stood.
StartLimitIntervalSec=3600
StartLimitBurst=3

[Service]
Type=oneshot
WorkingDirectory=/srv
Environment=PRECIS_HOME=/var/lib/precis
ExecStart=/usr/bin/precis job run /srv/specs/nightly.yaml
ExecStopPost=/bin/sh -c "case \\"$$EXIT_CODE\\" in killed|dumped) mail -s \\"failed 100%%\\" ops@example.org < \\"$$PRECIS_JOB_RECORD\\"\\n;; esac"
TimeoutStartSec=3660
TimeoutStopSec=90
KillSignal=SIGTERM
# Precis stops its own processes; what is left after the time limit is killed.
KillMode=mixed
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=2 3
# Stopped on request.
SuccessExitStatus=130
Nice=10
`);
  expect(files[1].text).toBe(`[Unit]
Description=When to run precis job Nightly: contracts

[Timer]
# cron: 30 2 * * 1-5
OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 02:30:00 Europe/Berlin
AccuracySec=1s
Persistent=true
RandomizedDelaySec=300
FixedRandomDelay=true

[Install]
WantedBy=timers.target
`);
  expect(notes).toHaveLength(3);
});

test.each([
  ['0 0 L * *', '"l"'],
  ['0 0 * * FRI#2', '"fri#2"'],
  ['0 0 15W * *', '"15w"'],
])('%s is said to be beyond systemd and Kubernetes', (cron, part) => {
  const message = `${part} in the schedule "${cron}", which neither systemd nor Kubernetes can say`;
  expect(() => onCalendar(cron, null)).toThrow(message);
  expect(() => cronJob({ ...CRON_JOB, cron })).toThrow(message);
});

test('control characters are refused', () => {
  expect(() => systemdUnit({ ...SYSTEMD, args: ['job', 'run', 'a\u0001b'] })).toThrow(
    'which a systemd unit cannot hold',
  );
});

test('a CronJob comes back as it was meant', () => {
  const { files, notes } = cronJob(CRON_JOB);
  expect(files.map(({ file }) => file)).toEqual(['precis-nightly-contracts.yaml']);
  const documents = parseAllDocuments(files[0].text);
  const [map, job] = documents.map((document) => document.toJS());
  expect(map).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { 'nightly.yaml': CRON_JOB.spec!.text } });
  expect(job).toMatchObject({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'precis-nightly-contracts' },
    spec: {
      schedule: '30 2 * * 1-5',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 86400,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 3660,
          template: {
            spec: {
              restartPolicy: 'Never',
              terminationGracePeriodSeconds: 90,
              containers: [
                {
                  image: 'registry.example.org/precis:1',
                  command: ['precis'],
                  args: ['job', 'run', '/srv/specs/nightly.yaml'],
                  env: [
                    { name: 'PRECIS_HOME', value: '/var/lib/precis' },
                    { name: 'NOTE', value: AWKWARD.replace('$(id)', '$$(id)') },
                  ],
                },
              ],
            },
          },
        },
      },
    },
  });
  expect(notes).toHaveLength(4);
});

test.each([
  ['30 2 * * 1-5', '30 2 * * 1-5'],
  ['0 30 2 * * *', '30 2 * * *'],
  ['0 0 * * 5-7', '0 0 * * 0,5,6'],
  ['@Daily', '@daily'],
])('the schedule %s is %s for Kubernetes', (cron, expected) => {
  const [, job] = parseAllDocuments(cronJob({ ...CRON_JOB, cron }).files[0].text);
  expect(job.getIn(['spec', 'schedule'])).toBe(expected);
});

test('Kubernetes counts no seconds', () => {
  expect(() => cronJob({ ...CRON_JOB, cron: '30 0 2 * * *' })).toThrow(
    '[config] the schedule "30 0 2 * * *", which counts seconds, expected five fields',
  );
});

// Kubernetes reads YAML 1.1, where yes, 0777 and 1:30 are no texts.
test.skipIf(!hasModule('yaml'))('PyYAML reads the same', () => {
  const words = [
    'yes',
    'no',
    '0777',
    '1:30',
    '~',
    '1e3',
    '0x10',
    'on',
    AWKWARD,
    ' lead',
    'tail ',
    '- x',
    '{a: b}',
    'x: y',
  ];
  const text = cronJob({
    ...CRON_JOB,
    args: words,
    environment: Object.fromEntries(words.slice(0, 8).map((word, i) => [`V${i}`, word])),
  }).files[0].text;
  const read = JSON.parse(
    runPython(
      `import json, sys, yaml
print(json.dumps(list(yaml.safe_load_all(sys.argv[1]))))`,
      [text],
    ),
  );
  const container = read[1].spec.jobTemplate.spec.template.spec.containers[0];
  expect(container.args).toEqual(words.map((word) => word.replaceAll('$(', '$$(')));
  expect(container.env.slice(1).map(({ value }: { value: string }) => value)).toEqual(words.slice(0, 8));
  expect(read[0].data['nightly.yaml']).toBe(CRON_JOB.spec!.text);
});
