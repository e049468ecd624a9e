import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openTextFolder } from '../../src/table/textFiles/textFolder.js';
import { refusal, rowsOf, scratchFolder } from './textFiles.js';

const scratch = scratchFolder();

it('each text file is a row, by name, without its byte order mark', async () => {
  const texts = { 'b.txt': '\ufeffline 1\r\nline 2\n', 'a.TXT': '', 'é.txt': '😀' };
  for (const [name, text] of Object.entries(texts)) scratch(`texts/${name}`, text);
  for (const other of ['.hidden.txt', '_x.txt', 'readme.md', 'inner/c.txt']) scratch(`texts/${other}`, 'x');
  const source = await openTextFolder(scratch('texts'));
  expect(source.rows).toBe(3);
  expect(source.files.map((file) => path.basename(file))).toEqual(['texts', 'a.TXT', 'b.txt', 'é.txt']);
  const rows = [
    ['a.TXT', ''],
    ['b.txt', 'line 1\r\nline 2\n'],
    ['é.txt', '😀'],
  ];
  expect(await rowsOf(source)).toEqual(rows);
  expect(await rowsOf(source, { columns: ['text'], limit: 2 })).toEqual([[''], ['line 1\r\nline 2\n']]);
});

it('files are read when their row is asked for, names alone read none', async () => {
  scratch('lazy/a.txt', 'x');
  const last = scratch('lazy/b.txt', 'y');
  const source = await openTextFolder(scratch('lazy'));
  rmSync(last);
  expect(await rowsOf(source, { limit: 1 })).toEqual([['a.txt', 'x']]);
  expect(await rowsOf(source, { columns: ['file_name'] })).toEqual([['a.txt'], ['b.txt']]);
});

it('large texts come in batches of bounded size', async () => {
  const long = 'ö'.repeat(3_000_000);
  for (let i = 0; i < 5; i++) scratch(`large/${i}.txt`, long);
  const rows: number[] = [];
  for await (const batch of (await openTextFolder(scratch('large'))).batches()) rows.push(batch.numRows);
  expect(rows).toEqual([2, 2, 1]);
});

it('what is no UTF-8 is refused with the name of its file', async () => {
  scratch('bad/a.txt', 'x');
  const bad = scratch('bad/b.txt', Buffer.from([0x78, 0xff]));
  expect(await refusal(async () => rowsOf(await openTextFolder(scratch('bad'))))).toContain(
    `${bad} is not valid UTF-8`,
  );
});

it('a folder without text files is refused', async () => {
  scratch('none/readme.md', '');
  expect(await refusal(() => openTextFolder(scratch('none')))).toContain(
    'none holds no .txt file, expected at least one',
  );
});
