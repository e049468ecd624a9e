import { type ErrorScope, PrecisError } from '../errors.js';

/** An error as plain data: a structured clone would keep neither a PrecisError's class nor its scope. */
export interface ErrorData {
  /** Null of what is no PrecisError. */
  readonly scope: ErrorScope | null;
  readonly name: string;
  readonly message: string;
  readonly details: readonly string[];
  readonly stack: string;
}

export function errorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { scope: null, name: '', message: String(error), details: [], stack: '' };
  const { name, message, stack = '' } = error;
  if (error instanceof PrecisError) return { scope: error.scope, name, message, details: error.details, stack };
  return { scope: null, name, message, details: [], stack };
}

/** A PrecisError comes out as it went in; anything else is the function's own and is told with the place where it happened. */
export function errorFromData(data: ErrorData, place: string): PrecisError {
  const cause = Object.assign(new Error(data.message), { name: data.name, stack: data.stack });
  if (data.scope !== null) {
    // The message was put together once and begins with its scope.
    const found = data.message.slice(`[${data.scope}] `.length);
    return new PrecisError(data.scope, { found, details: data.details, cause });
  }
  const named = data.name ? `${data.name}: ${data.message}` : data.message;
  return new PrecisError('function', { found: `${place}: ${named}`, details: stackLines(data.stack), cause });
}

/** Where it was thrown: the frames of the function, down to where we called it. */
function stackLines(stack: string): string[] {
  const frames = stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
  const ours = frames.findIndex((line) => line.includes('/pool/worker.js'));
  return frames.slice(0, ours < 0 ? undefined : ours).slice(0, 10);
}

/** What a task of a worker became: its errors are data, so that a task that rejects means a dead worker. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: ErrorData };

export function valueOrThrow<Value>(outcome: Outcome<Value>, place: string): Value {
  if ('value' in outcome) return outcome.value;
  throw errorFromData(outcome.error, place);
}
