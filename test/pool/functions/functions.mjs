// Batch functions for tests, as a worker loads them. Rows are texts; a row that begins with `!` means trouble, once each.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { PrecisError } from '../../../dist/src/errors.js';
import { textBatch, textsOf } from './batches.mjs';

const upper = (text) => (text === null ? null : text.toUpperCase());
const answer = (batch, extra = {}) => ({ batch: textBatch(textsOf(batch).map(upper), 'answer'), ...extra });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether this is the first time that anyone asks for this mark, in any thread or process. */
function firstTime(folder, mark) {
  try {
    closeSync(openSync(path.join(folder, mark.replaceAll(/\W/g, '_')), 'wx'));
    return true;
  } catch {
    return false;
  }
}

function blockForever() {
  for (;;) Math.sqrt(2);
}

const TROUBLES = {
  '!exit': () => process.exit(7),
  '!uncaught': async () => {
    setTimeout(() => {
      throw new TypeError('thrown outside of the task');
    });
    await sleep(10_000);
  },
  '!memory': () => {
    const kept = [];
    for (;;) kept.push(new Array(1_000_000).fill(kept.length));
  },
  '!loop': blockForever,
  '!native': () => spawnSync('sleep', ['30']),
  '!silent': () => new Promise(() => {}),
  '!throw': () => {
    throw new RangeError('a row that nobody can answer');
  },
  '!kill': () => process.kill(process.pid, 'SIGKILL'),
  '!segv': () => process.kill(process.pid, 'SIGSEGV'),
  '!abort': () => process.kill(process.pid, 'SIGABRT'),
  '!stop': () => process.kill(process.pid, 'SIGSTOP'),
};

/** Upper case, and trouble of the row's kind: the first time, or always without a folder. */
export function openTroubled({ folder, rowMs = 0 }) {
  return {
    async run(batch, { alive, signal }) {
      let rows = 0;
      for (const text of textsOf(batch)) {
        const kind = /^!\w+/.exec(text ?? '')?.[0];
        if (kind && (!folder || firstTime(folder, text))) await TROUBLES[kind]();
        if (rowMs) await sleep(rowMs);
        signal.throwIfAborted();
        alive(++rows);
      }
      return answer(batch, { counts: { rows } });
    },
  };
}

/** Upper case and nothing else. */
export function openUpper() {
  return { run: async (batch) => answer(batch) };
}

/** The very bytes that came. */
export function openIdentity() {
  return { run: async (batch) => ({ batch }) };
}

/** Says who it is. */
export function openSetting(_options, setting) {
  return {
    run: async (batch) => ({
      batch: textBatch(textsOf(batch).map(() => JSON.stringify({ ...setting, threadId, pid: process.pid }))),
    }),
  };
}

/** Runs until it is cancelled, and notes that in a file. */
export function openUntilCancelled({ folder }) {
  return {
    async run(batch, { alive, signal }) {
      firstTime(folder, `started ${textsOf(batch)[0]}`);
      while (!signal.aborted) {
        alive();
        await sleep(5);
      }
      firstTime(folder, `cancelled ${textsOf(batch)[0]}`);
      throw new Error('cancelled');
    },
    async close() {
      firstTime(folder, `closed ${threadId}`);
    },
  };
}

/** Never turns the event loop: hears of a cancellation through `alive` alone. */
export function openBusyUntilCancelled({ folder }) {
  return {
    run(batch, { alive, signal }) {
      firstTime(folder, `started ${textsOf(batch)[0]}`);
      while (!signal.aborted) alive();
      firstTime(folder, `cancelled ${textsOf(batch)[0]}`);
      throw new Error('cancelled');
    },
  };
}

/** Works in stretches, as native code does, and gives a sign between two; only its thread's end ends it. */
export function openStretches({ folder }) {
  return {
    run(_batch, { alive }) {
      for (let stretch = 0; ; stretch++) {
        firstTime(folder, `begun ${stretch}`);
        for (const end = performance.now() + 100; performance.now() < end; ) Math.sqrt(2);
        firstTime(folder, `over ${stretch}`);
        alive();
      }
    },
  };
}

/** Dies while it is opened: the first `times` times, or always. */
export function openDying({ folder, times = Number.POSITIVE_INFINITY, how = 'exit' }) {
  for (let time = 0; time < times; time++) {
    if (!folder || firstTime(folder, `opening ${time}`)) return TROUBLES[`!${how}`]();
  }
  return openUpper();
}

export function openFailing() {
  throw new TypeError('no such model');
}

/** Fails as our own functions do. */
export function openRefusing() {
  return {
    async run() {
      throw new PrecisError('input', {
        found: 'row 3 is too long',
        expected: 'at most 512 tokens',
        action: 'cut it',
        details: ['row 3: 700 tokens', 'row 4: 800 tokens'],
      });
    },
  };
}

export function openShort() {
  return { run: async (batch) => ({ batch: batch.slice(0, batch.numRows - 1) }) };
}

export const notAFunction = 1;
