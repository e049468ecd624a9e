// Appends records to a journal without end, and says after each that it is on the disk.
//   node appender.mjs JOURNAL_MODULE FILE
import { existsSync, writeSync } from 'node:fs';

const [module, file] = process.argv.slice(2);
const { createJournal, openJournal } = await import(module);
const journal = existsSync(file) ? openJournal(file).journal : createJournal(file, { number: 1, text: '' });
for (;;) {
  const number = journal.length + 1;
  journal.append({ number, text: 'ä\n'.repeat((number * 7919) % 3000) });
  writeSync(1, `${number}\n`);
}
