import { type ErrorScope, PrecisError } from '../errors.js';

/** An error as plain data: a thread or a process loses its class on the way. */
export interface SentError {
  readonly scope: ErrorScope;
  readonly message: string;
  readonly details: readonly string[];
}

export function sentError(error: unknown): SentError {
  if (error instanceof PrecisError) return { scope: error.scope, message: error.message, details: error.details };
  const { message, stack } = error as Error;
  return { scope: 'internal', message, details: stack?.split('\n').slice(1) ?? [] };
}

export function receivedError({ scope, message, details }: SentError): PrecisError {
  // A message begins with its scope already.
  return new PrecisError(scope, { found: message.replace(`[${scope}] `, ''), details });
}
