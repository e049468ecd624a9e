import { createHash } from 'node:crypto';
import { textValues } from '../../src/table/columns.js';
import { readTable } from '../../src/table/open.js';

const COLUMN = 'generated_summary';

/** The number of rows whose new column is not the text that it was made from. */
export async function unlikeRows(file: string, text: string): Promise<number> {
  const table = await readTable(file);
  let unlike = 0;
  for await (const batch of table.batches({ columns: [text, COLUMN] })) {
    const texts = textValues(batch.getChild(text)!);
    textValues(batch.getChild(COLUMN)!).forEach((answer, row) => {
      if (answer !== texts[row]) unlike++;
    });
  }
  return unlike;
}

/** Equal for equal new columns, in order. */
export async function hashOfAnswers(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const batch of (await readTable(file)).batches({ columns: [COLUMN] })) {
    for (const answer of textValues(batch.getChild(COLUMN)!)) hash.update(JSON.stringify(answer));
  }
  return hash.digest('hex');
}
