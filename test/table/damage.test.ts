import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { readTable, tableFromBatches, tableFromRows } from '../../src/table/open.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-damage-'));
const file = (name: string) => path.join(folder, name);
const EXTENSIONS = ['.parquet', '.arrow', '.arrows'];
const ROWS = Array.from({ length: 100 }, (_, i) => ({ id: i, text: `document ${i}`.repeat(i % 5), list: [`${i}`] }));

beforeAll(async () => {
  for (const extension of EXTENSIONS) await tableFromRows(ROWS).write(file(`whole${extension}`));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All rows, or the error. */
async function outcome(path: string): Promise<number | PrecisError> {
  try {
    return (await (await readTable(path)).collect()).length;
  } catch (error) {
    // Anything else is a bug, and shown as such.
    if (error instanceof PrecisError) return error;
    throw error;
  }
}

describe.each(EXTENSIONS)('a damaged %s', (extension) => {
  const scope = extension === '.parquet' ? 'parquet' : 'arrow';

  it('that was cut off at any place is an error that names the file', async () => {
    const whole = readFileSync(file(`whole${extension}`));
    const cut = file(`cut${extension}`);
    const step = Math.ceil(whole.length / 150);
    for (let length = 0; length < whole.length; length += length < 64 ? 1 : step) {
      writeFileSync(cut, whole.subarray(0, length));
      const found = await outcome(cut);
      // A stream may end without its mark: what came before it is whole.
      if (extension === '.arrows' && (found === 0 || found === ROWS.length)) continue;
      expect(String(found)).toMatch(new RegExp(`^PrecisError: \\[${scope}\\] .*cut${extension}.*, expected `));
    }
  });

  it('with bytes that were changed is an error of the file or still a table', async () => {
    const whole = readFileSync(file(`whole${extension}`));
    const changed = file(`changed${extension}`);
    let errors = 0;
    for (let i = 0; i < 200; i++) {
      const bytes = Buffer.from(whole);
      bytes[(i * 7919) % whole.length] ^= 1 << (i % 8);
      bytes[(i * 104_729) % whole.length] ^= 0xff;
      writeFileSync(changed, bytes);
      const found = await outcome(changed);
      if (found instanceof PrecisError) {
        errors++;
        expect(found.message).toContain(`changed${extension}`);
        expect(found.scope).toBe(scope);
      }
    }
    expect(errors).toBeGreaterThan(20);
  });

  it('that is a file of another kind is an error that says so', async () => {
    writeFileSync(file(`text${extension}`), 'id,text\n1,hello\n2,a longer text than any magic word\n');
    await expect(readTable(file(`text${extension}`))).rejects.toThrow(`[${scope}] ${file(`text${extension}`)}`);
  });

  it('that is empty is an error that says so', async () => {
    writeFileSync(file(`nothing${extension}`), '');
    await expect(readTable(file(`nothing${extension}`))).rejects.toThrow(/nothing\.\w+(: found nothing| has 0 bytes)/);
  });
});

it('a corrupt page names its row group, and the file before it and others are still read', async () => {
  const rows = Array.from({ length: 300_000 }, (_, id) => ({ id, text: `${(id * 2654435761) % 4294967296}` }));
  const large = file('large.parquet');
  await tableFromRows(rows).write(large);
  const bytes = readFileSync(large);
  bytes.fill(0xff, bytes.length - 200_000, bytes.length - 100_000);
  writeFileSync(large, bytes);
  let read = 0;
  const reading = async () => {
    for await (const batch of (await readTable(large)).batches()) read += batch.numRows;
  };
  await expect(reading()).rejects.toThrow(
    /^\[parquet\] row group [23] of .*large\.parquet cannot be read: .*, expected/,
  );
  expect(read).toBeGreaterThanOrEqual(131_072);
  expect(await outcome(file('whole.parquet'))).toBe(ROWS.length);
});

it.each(['.parquet', '.arrow', '.arrows', '.csv', '.jsonl'])(
  'a file %s that is replaced before it is read is refused',
  async (extension) => {
    const changing = file(`changing${extension}`);
    await tableFromRows([{ a: 'x', b: 'y' }]).write(changing);
    const table = await readTable(changing);
    // Of the same size: only its columns changed places.
    await tableFromRows([{ b: 'x', a: 'y' }]).write(changing, { mode: 'overwrite' });
    await expect(table.collect()).rejects.toThrow(/changing\S+ changed since it was opened/);
  },
);

it.each([
  ['is written over', 'cell\n2', /written\.csv changed while it was read/],
  ['is replaced, by a reader of the old one', null, null],
])('a file that %s while it is read', async (_, content, message) => {
  const written = file('written.csv');
  writeFileSync(written, `cell\n${'1\n'.repeat(20_000)}`);
  const table = await readTable(written);
  let rows = 0;
  const reading = async () => {
    for await (const batch of table.batches()) {
      if (rows === 0 && content !== null) writeFileSync(written, content);
      else if (rows === 0) await tableFromRows([{ cell: 2 }]).write(written, { mode: 'overwrite' });
      rows += batch.numRows;
    }
  };
  if (message) await expect(reading()).rejects.toThrow(message);
  else await reading();
  expect(rows).toBe(20_000);
});

it('an Arrow file that shrinks while it is read is an error', async () => {
  const shrinking = file('shrinking.arrow');
  const rows = tableFromRows(ROWS);
  await tableFromBatches(rows.schema, async function* () {
    yield* rows.batches();
    yield* rows.batches();
  }).write(shrinking);
  const table = await readTable(shrinking);
  const reading = async () => {
    for await (const _ of table.batches()) truncateSync(shrinking, 500);
  };
  await expect(reading()).rejects.toThrow(/shrinking\.arrow, record batch 2: found the end|nothing where/);
});
