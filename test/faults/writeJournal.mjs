// Makes a journal and appends to it, and says of each record whether it is there: node writeJournal.mjs JOURNAL_MODULE FILE RECORDS
const [module, file, records] = process.argv.slice(2);
const { createJournal } = await import(module);
let journal;
for (let number = 1; number <= Number(records); number++) {
  const record = { number, text: 'x'.repeat(100) };
  try {
    if (journal) journal.append(record);
    else journal = createJournal(file, record);
    console.log(`${number}`);
  } catch (error) {
    console.log(error.message);
    if (!journal) break;
  }
}
