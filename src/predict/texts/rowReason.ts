import { type ErrorScope, PrecisError } from '../../errors.js';

export interface Reason {
  readonly code: ErrorScope;
  readonly message: string;
}

/** `[scope] what was found, ...` taken apart; an error of an engine's own has no scope. */
export function readReason(text: string): Reason {
  const [, scope, message] = /^\[(\w+)\] (.*)$/s.exec(text) ?? ['', 'engine', text];
  return { code: scope as ErrorScope, message };
}

/** What can be done where `onError` may be set. */
export const KEEP_OTHERS = "or set onError to 'null' or 'struct' to keep the other rows";

/** What fails a call in which no row may fail. `row` counts from 1. */
export function rowError(row: number, reason: string, action?: string): PrecisError {
  const { code, message } = readReason(reason);
  return new PrecisError(code, { found: `row ${row}: ${message}`, action });
}
