import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { readTable, tableFromRows } from '../../src/table/open.js';

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

it('a file that changes between opening and reading is refused', async () => {
  const changing = file('changing.parquet');
  await tableFromRows(ROWS).write(changing);
  const table = await readTable(changing);
  await tableFromRows(ROWS.slice(1)).write(changing, { mode: 'overwrite' });
  await expect(table.collect()).rejects.toThrow(/changing\.parquet changed since it was opened/);
});

it('an Arrow file that shrinks between opening and reading is an error', async () => {
  const changing = file('shrinking.arrow');
  await tableFromRows(ROWS).write(changing);
  const table = await readTable(changing);
  truncateSync(changing, 500);
  await expect(table.collect()).rejects.toThrow(/shrinking\.arrow, record batch 1: found the end within/);
});
