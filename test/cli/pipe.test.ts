import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { describePython, runPython } from '../python.js';
import { MAIN, precisWith } from './precis.js';
import { hostOf, isLinux, until } from './processes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-pipe-'));
const { env } = precisWith(path.join(scratch, 'home'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Bytes in, bytes out. */
async function pipe(args: readonly string[], input: Uint8Array) {
  const child = spawn(process.execPath, [MAIN, 'pipe', ...args], { env });
  const output: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status: status as number, stdout: Buffer.concat(output), stderr };
}

function streamOf(texts: readonly (string | null)[]): Uint8Array {
  const id = vectorFromArray(Int32Array.from(texts, (_, i) => i));
  return tableToIPC(new Table({ id, body: vectorFromArray(texts, new Utf8()) }), 'stream');
}

describe('precis pipe', () => {
  it('answers a stream with the same columns and the new one, null for null', async () => {
    const { status, stdout, stderr } = await pipe(
      ['--text', 'body', '--model', 'builtin:lead-1', '--column', 'short'],
      streamOf(['One. Two.', null, '', 'Three four. Five.']),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const table = tableFromIPC(stdout);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['id', 'body', 'short']);
    expect(table.getChild('short')?.toJSON()).toEqual(['One.', null, '', 'Three four.']);
    expect([...table.getChild('id')!]).toEqual([0, 1, 2, 3]);
  });

  it('answers an empty stream with its schema', async () => {
    const { status, stdout } = await pipe(['--text', 'body', '--model', 'builtin:echo'], streamOf([]));
    expect(status).toBe(0);
    const table = tableFromIPC(stdout);
    expect(table.numRows).toBe(0);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['id', 'body', 'generated_summary']);
  });

  it('keeps the reasons of failed rows with --on-error struct', async () => {
    const { status, stdout } = await pipe(
      ['--text', 'body', '--model', 'builtin:echo?maxTokens=3', '--long-documents', 'error', '--on-error', 'struct'],
      streamOf(['a b', 'a b c d e']),
    );
    expect(status).toBe(0);
    const [fine, failed] = tableFromIPC(stdout).getChild('generated_summary')!.toJSON() as {
      summary: string;
      error: unknown;
    }[];
    expect(fine).toMatchObject({ summary: 'a b', error: null });
    expect(failed.summary).toBeNull();
    expect(JSON.stringify(failed.error)).toContain('5');
  });

  it.each<[string[], number, string]>([
    [[], 2, '--text is missing'],
    [['--text', 'body', 'more'], 2, '"more" is given, expected a stream on stdin'],
    [['--text', 'body', '--out', 'x'], 2, '--out is not an option of this command'],
    [['--text', 'boddy', '--model', 'builtin:echo'], 1, 'did you mean body?'],
    [['--text', 'id', '--model', 'builtin:echo'], 1, 'id'],
    [['--text', 'body', '--model', './nowhere'], 1, './nowhere is no folder'],
    [['--text', 'body', '--model', 'builtin:echo?maxTokens=1', '--long-documents', 'error'], 1, 'row'],
  ])('%j ends with %d', async (args, status, message) => {
    const done = await pipe(args, streamOf(['One two. Three.']));
    expect(done.status).toBe(status);
    const lines = done.stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^(precis: \[| {2})/);
    expect(done.stderr).toContain(message);
  });

  it.each<[string, Uint8Array]>([
    ['text', Buffer.from('id,body\n1,One.\n')],
    ['nothing', new Uint8Array()],
    ['the first half of a stream', streamOf(['One.', 'Two.']).subarray(0, 400)],
  ])('refuses %s', async (_, input) => {
    const { status, stderr } = await pipe(['--text', 'body', '--model', 'builtin:echo'], input);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^precis: \[arrow\] stdin/);
  });

  it('an error ends it though the sender keeps the stream open', async () => {
    const child = spawn(process.execPath, [MAIN, 'pipe', '--text', 'body', '--model', 'builtin:nothing'], { env });
    const stream = streamOf(['One.']);
    child.stdin.write(stream.subarray(0, stream.length - 8));
    const [status] = await once(child, 'close');
    expect(status).toBe(1);
  });

  it('takes no more than some batches while nobody reads its answers, and can be interrupted then', async () => {
    const batch = tableFromIPC(streamOf(Array.from({ length: 2000 }, (_, i) => `${i} ${'x'.repeat(500)}`))).batches[0];
    const stream = tableToIPC(new Table(batch.schema, Array(100).fill(batch)), 'stream');
    let taken = 0;
    const chunks = function* () {
      for (; taken < stream.length; taken += 65_536) yield stream.subarray(taken, taken + 65_536);
    };
    const args = [MAIN, 'pipe', '--text', 'body', '--model', 'builtin:echo', '--workers', '1', '--dedupe', 'off'];
    const child = spawn(process.execPath, args, { env });
    child.stdin.on('error', () => {});
    Readable.from(chunks()).pipe(child.stdin);
    await once(child.stdout, 'readable');
    for (let before = -1; before < taken && taken < stream.length; ) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    expect(taken).toBeLessThan(stream.length / 2);
    child.kill('SIGINT');
    const [status] = await once(child, 'exit');
    expect(status).toBe(130);
  });

  it.skipIf(!isLinux)('is over, and so are its engines, when it is interrupted while it waits', async () => {
    const child = spawn(process.execPath, [MAIN, 'pipe', '--text', 'body', '--model', 'builtin:echo'], { env });
    const stream = streamOf(['One.']);
    // Everything but the end of the stream.
    child.stdin.write(stream.subarray(0, stream.length - 8));
    const host = await until(() => hostOf(child.pid as number));
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(130);
    expect(existsSync(`/proc/${host}`)).toBe(false);
  });
});

describePython('precis pipe under PyArrow', () => {
  it('answers a batch before the next one is sent', () => {
    const code = `
import subprocess, sys
import pyarrow as pa
pipe = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
schema = pa.schema([
    ('id', pa.int64()),
    ('body', pa.large_string()),
    ('kind', pa.dictionary(pa.int8(), pa.string())),
    ('tags', pa.list_(pa.struct([('x', pa.decimal128(9, 2)), ('t', pa.timestamp('us', 'Europe/Berlin'))]))),
])
def batch(first):
    rows = [{'id': i, 'body': None if i % 3 == 2 else f'Text {i}. More.', 'kind': 'a' if i % 2 else None,
             'tags': [{'x': i, 't': i * 1000000}] * (i % 3)} for i in range(first, first + 5)]
    return pa.RecordBatch.from_pylist(rows, schema=schema)
writer = pa.ipc.new_stream(pipe.stdin, schema)
reader = None
for first in (0, 100, 200):
    sent = batch(first)
    writer.write_batch(sent)
    pipe.stdin.flush()
    reader = reader or pa.ipc.open_stream(pipe.stdout)
    answer = reader.read_next_batch()
    assert answer.schema.names == schema.names + ['generated_summary'], answer.schema
    assert answer.select(schema.names).to_pylist() == sent.to_pylist()
    summaries = [row['body'] and row['body'].split(' More')[0] for row in sent.to_pylist()]
    assert answer.column('generated_summary').to_pylist() == summaries, answer
writer.close()
pipe.stdin.close()
assert list(reader) == []
assert pipe.wait() == 0
print('answered')
`;
    const args = [process.execPath, MAIN, 'pipe', '--text', 'body', '--model', 'builtin:lead-1'];
    expect(runPython(code, args)).toBe('answered\n');
  });
});
