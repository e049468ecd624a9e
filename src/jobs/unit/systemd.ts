import { PrecisError } from '../../errors.js';
import { onCalendar } from './onCalendar.js';
import { AFTER_DEADLINE, NOT_AGAIN, plainName, STOP_SECONDS, type Unit, type UnitOptions } from './types.js';

export interface SystemdOptions extends UnitOptions {
  /** The command in front of the arguments, absolute: the node that runs now and its script, or an installed precis. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
}

/** A service that does the job once and a timer that starts it. */
export function systemdUnit(options: SystemdOptions): Unit {
  const name = `precis-${plainName(options.name, 60)}`;
  const files = [
    { file: `${name}.service`, text: serviceText(options) },
    { file: `${name}.timer`, text: timerText(options) },
  ];
  return { files, notes: notes(options) };
}

function serviceText(options: SystemdOptions): string {
  const { deadline = null, onFailure = null, environment = {} } = options;
  const lines = [
    '[Unit]',
    `Description=${plainLine(description(options))}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '# Three attempts in a row; each goes on where the last one stood.',
    'StartLimitIntervalSec=3600',
    'StartLimitBurst=3',
    '',
    '[Service]',
    'Type=oneshot',
    `WorkingDirectory=${pathLine(options.workingDirectory)}`,
    ...Object.entries(environment).map(([key, value]) => `Environment=${quoted(`${key}=${value}`, false)}`),
    `ExecStart=${[...options.command, ...options.args].map((word) => quoted(word, true)).join(' ')}`,
  ];
  if (onFailure !== null) {
    // By its own end precis has run the command itself; the shell's $ is written $$.
    const command = `case "$EXIT_CODE" in killed|dumped) ${onFailure}\n;; esac`;
    lines.push(`ExecStopPost=${['/bin/sh', '-c', command].map((word) => quoted(word, true)).join(' ')}`);
  }
  lines.push(
    `TimeoutStartSec=${deadline === null ? 'infinity' : Math.ceil(deadline) + AFTER_DEADLINE}`,
    `TimeoutStopSec=${STOP_SECONDS}`,
    'KillSignal=SIGTERM',
    '# Precis stops its own processes; what is left after the time limit is killed.',
    'KillMode=mixed',
    'Restart=on-failure',
    'RestartSec=30',
    `RestartPreventExitStatus=${NOT_AGAIN.join(' ')}`,
    '# Stopped on request.',
    'SuccessExitStatus=130',
    'Nice=10',
    '',
  );
  return lines.join('\n');
}

function timerText(options: SystemdOptions): string {
  const { cron, timezone = null, missed = 'skip', jitterSeconds = 0 } = options;
  const lines = [
    '[Unit]',
    `Description=${plainLine(`When to run ${description(options)}`)}`,
    '',
    '[Timer]',
    `# cron: ${plainLine(cron)}`,
    ...onCalendar(cron, timezone).map((line) => `OnCalendar=${line}`),
    'AccuracySec=1s',
    `Persistent=${missed === 'run-once'}`,
  ];
  if (jitterSeconds > 0) lines.push(`RandomizedDelaySec=${jitterSeconds}`, 'FixedRandomDelay=true');
  lines.push('', '[Install]', 'WantedBy=timers.target', '');
  return lines.join('\n');
}

function notes({ onFailure, timezone, missed = 'skip' }: SystemdOptions): string[] {
  const notes: string[] = [];
  if (missed === 'run-once')
    notes.push('a run that is still at work when the next is due takes its place: systemd starts none after it');
  if (onFailure)
    notes.push(
      'precis runs the command for failures itself; the unit does if precis was killed (without PRECIS_JOB_RECORD then)',
    );
  if (timezone !== 'UTC')
    notes.push(
      'a time that does not exist when clocks go forward is not run; precis job schedule runs it after the gap',
    );
  return notes;
}

function description({ name, description }: UnitOptions): string {
  return description ?? `precis job ${name}`;
}

/** One word of a command line: systemd's own quotes and escapes, its specifiers and variables switched off. */
function quoted(word: string, isCommand: boolean): string {
  refuseControl(word);
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('%', '%%');
  const literal = isCommand ? escaped.replaceAll('$', '$$$$') : escaped;
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(literal) ? literal : `"${literal}"`;
}

/** A setting that is one path, which knows no quotes. */
function pathLine(path: string): string {
  refuseControl(path);
  if (path.includes('\n') || path.startsWith(' ') || path.endsWith('\\')) throw unspeakable(path);
  return path.replaceAll('%', '%%');
}

function plainLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('%', '%%').replace(/\\$/, '');
}

function refuseControl(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw unspeakable(text);
}

function unspeakable(text: string): PrecisError {
  return new PrecisError('config', {
    found: `${JSON.stringify(text)}, which a systemd unit cannot hold`,
    expected: 'text without control characters',
  });
}
