/** What a worker thread runs, called by Piscina. A session a thread: the function is opened once and then given partition after partition. */

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { PrecisError } from '../errors.js';
import { batchFromIpc, batchToIpc } from '../table/columns.js';
import { errorData, type Outcome } from './errorData.js';
import { type CancelMessage, type OpenTask, Pulse, type RunAnswer, type RunTask } from './messages.js';
import type { BatchAnswer, BatchFunction, BatchFunctionSpec, OpenBatchFunction, RunContext } from './types.js';

let batchFunction: BatchFunction;
let pulse: Int32Array;
let control: MessagePort;
let running: { task: number; controller: AbortController } | undefined;
let lastCancelled = -1;

export function open(task: OpenTask): Promise<Outcome<null>> {
  return outcomeOf(async () => {
    pulse = new Int32Array(task.pulse);
    control = task.control;
    control.on('message', cancel);
    alive();
    const openFunction = await load(task.spec);
    batchFunction = await openFunction(task.spec.options, task.setting, () => alive());
    return null;
  });
}

/** Everything that a task started is awaited: between tasks the thread stands still in Piscina's Atomics.wait. */
export async function run({ task, bytes }: RunTask): Promise<object> {
  const controller = new AbortController();
  running = { task, controller };
  alive(0);
  if (lastCancelled === task) controller.abort();
  const outcome = await outcomeOf(async () => {
    const batch = batchFromIpc(bytes);
    const answer = await batchFunction.run(batch, { alive, signal: controller.signal } satisfies RunContext);
    checkAnswer(answer, batch.numRows);
    return { bytes: batchToIpc(answer.batch), counts: answer.counts } satisfies RunAnswer;
  });
  running = undefined;
  return given(outcome);
}

export function close(): Promise<Outcome<null>> {
  return outcomeOf(async () => {
    await batchFunction?.close?.();
    return null;
  });
}

async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: errorData(error) };
  } finally {
    alive();
  }
}

async function load(spec: BatchFunctionSpec): Promise<OpenBatchFunction> {
  const module = (await import(spec.module)) as Record<string, unknown>;
  const found = module[spec.exportName];
  if (typeof found === 'function') return found as OpenBatchFunction;
  throw new PrecisError('function', {
    found: `${spec.module} exports no function ${spec.exportName}`,
    expected: `one of its exports: ${Object.keys(module).join(', ')}`,
  });
}

/** A function that never lets the event loop turn hears of a cancellation here. */
function alive(rowsDone?: number): void {
  Atomics.add(pulse, Pulse.signs, 1);
  if (rowsDone !== undefined) Atomics.store(pulse, Pulse.rows, rowsDone);
  for (let entry = receiveMessageOnPort(control); entry; entry = receiveMessageOnPort(control)) cancel(entry.message);
  if (Atomics.load(pulse, Pulse.halt) === 1) standStill();
}

/** Until the thread is ended. */
function standStill(): void {
  Atomics.store(pulse, Pulse.stands, 1);
  Atomics.notify(pulse, Pulse.stands);
  Atomics.wait(pulse, Pulse.halt, 1);
}

function cancel(message: CancelMessage): void {
  lastCancelled = message.task;
  if (running?.task === message.task) running.controller.abort();
}

function checkAnswer(answer: BatchAnswer, rows: number): void {
  const found = answer?.batch?.numRows;
  if (found === rows) return;
  throw new PrecisError('function', {
    found: found === undefined ? 'the function answered without a batch' : `the function answered ${found} rows`,
    expected: `a batch of ${rows} rows, as many as it was given`,
  });
}

/** The answer's bytes are given away, not copied. */
function given(outcome: Outcome<RunAnswer>): object {
  if ('error' in outcome) return outcome;
  return move({
    get [transferableSymbol]() {
      return [outcome.value.bytes.buffer];
    },
    get [valueSymbol]() {
      return outcome;
    },
  });
}
