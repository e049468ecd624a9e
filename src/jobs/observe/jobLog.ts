import fs from 'node:fs';
import { PrecisError } from '../../errors.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** No objects: a row must not get into a log by accident. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface LogOptions {
  /** `-` is standard error. */
  readonly file: string;
  /** Less than this is not written; `info` by default. */
  readonly level?: LogLevel;
  /** Whether texts of documents may be written. */
  readonly logText?: boolean;
  readonly say?: (line: string) => void;
}

export interface JobLog {
  /** `texts` are of documents: they are written only where that was asked for. */
  write(level: LogLevel, event: string, job: string, fields?: LogFields, texts?: LogFields): void;
  close(): void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
/** Longer strings are no names or messages. */
const LONGEST = 2_000;

/** One JSON object a line: time, level, event, job, then what the event tells. A log that cannot be written never stops a job. */
export function openLog(options: LogOptions): JobLog {
  const { file, level: least = 'info', logText = false, say = () => {} } = options;
  const handle = file === '-' ? process.stderr.fd : openFile(file);
  let isBroken = false;
  const write: JobLog['write'] = (level, event, job, fields = {}, texts = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const head = { time: new Date().toISOString(), level, event, job };
    const line = JSON.stringify({ ...head, ...shortened(fields), ...(logText ? texts : {}), ...head });
    try {
      fs.writeSync(handle, `${line}\n`);
      isBroken = false;
    } catch (error) {
      if (!isBroken) say(`the log ${file} cannot be written: ${(error as Error).message}`);
      isBroken = true;
    }
  };
  return { write, close: () => file !== '-' && fs.closeSync(handle) };
}

function openFile(file: string): number {
  try {
    const handle = fs.openSync(file, 'a+');
    const { size } = fs.fstatSync(handle);
    const last = Buffer.alloc(1);
    // Whoever wrote before may have been killed in the midst of a line.
    if (size > 0 && fs.readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 10) fs.writeSync(handle, '\n');
    return handle;
  } catch (error) {
    throw new PrecisError('usage', {
      found: `the log ${file} cannot be opened: ${(error as Error).message}`,
      expected: 'a file in a folder that is there and can be written',
      cause: error,
    });
  }
}

function shortened(fields: LogFields): LogFields {
  const short = (value: LogFields[string]) =>
    typeof value === 'string' && value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, short(value)]));
}
