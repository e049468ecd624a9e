import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createArrowPipeSink } from '../../src/table/arrow/arrowSink.js';
import { openArrowPipe } from '../../src/table/arrow/arrowSource.js';
import { tableFromRows } from '../../src/table/open.js';
import { Table } from '../../src/table/table.js';

const ROWS = tableFromRows([{ id: 1, text: 'a' }]);
const batch = async () => (await ROWS.batches()[Symbol.asyncIterator]().next()).value;

it('batches come out of a pipe as they arrive, and go into one as they come', async () => {
  const pipe = new PassThrough();
  const sink = await createArrowPipeSink(pipe, 'out', ROWS.schema);
  // The schema is there before any batch, and a batch before the next.
  const source = await openArrowPipe(pipe, 'in');
  expect(source.schema.names).toEqual(['id', 'text']);
  const reading = source.batches()[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) {
    const next = reading.next();
    await sink.write(await batch());
    expect((await next).value.numRows).toBe(1);
  }
  await sink.publish();
  pipe.end();
  expect((await reading.next()).done).toBe(true);
});

it('a pipe is read once', async () => {
  const pipe = new PassThrough();
  const sink = await createArrowPipeSink(pipe, 'out', ROWS.schema);
  await sink.publish();
  pipe.end();
  const table = new Table(await openArrowPipe(pipe, 'stdin'));
  expect(await table.collect()).toEqual([]);
  await expect(table.collect()).rejects.toThrow(/^\[arrow\] a second pass over stdin, expected one pass/);
});

it('a pipe that breaks off within a batch is an error', async () => {
  const bytes: Buffer[] = [];
  const collect = new Writable({
    write(chunk, _, done) {
      bytes.push(chunk);
      done();
    },
  });
  const sink = await createArrowPipeSink(collect, 'out', ROWS.schema);
  await sink.write(await batch());
  const whole = Buffer.concat(bytes);
  const source = await openArrowPipe(PassThrough.from([whole.subarray(0, whole.length - 5)]), 'stdin');
  const reading = source.batches()[Symbol.asyncIterator]();
  await expect(reading.next()).rejects.toThrow(
    /^\[arrow\] stdin, record batch 1: found the end within a message's body/,
  );
});

it('a reader that leaves ends the writing quietly', async () => {
  const left = new Writable({ write: (_, __, done) => done(Object.assign(new Error('left'), { code: 'EPIPE' })) });
  const sink = await createArrowPipeSink(left, 'out', ROWS.schema);
  for (let i = 0; i < 3; i++) await sink.write(await batch());
  expect((await sink.publish()).rows).toBe(3);
});

it('waits for a slow reader until its signal is given', async () => {
  const stuck = new Writable({ write: () => {} });
  const stop = new AbortController();
  const opening = createArrowPipeSink(stuck, 'out', ROWS.schema, { signal: stop.signal });
  const first = await Promise.race([opening, new Promise((resolve) => setImmediate(resolve, 'waits'))]);
  expect(first).toBe('waits');
  stop.abort(new Error('stopped'));
  await expect(opening).rejects.toThrow('stopped');
});

it('who stops early lets go of the pipe', async () => {
  const pipe = new PassThrough();
  const sink = await createArrowPipeSink(pipe, 'out', ROWS.schema);
  for (let i = 0; i < 3; i++) await sink.write(await batch());
  expect(await new Table(await openArrowPipe(pipe, 'stdin')).limit(2).collect()).toHaveLength(2);
  expect(pipe.destroyed).toBe(true);
});
