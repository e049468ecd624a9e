import { type ParsedArguments, wrong } from './args.js';
import { sayRetry } from './events.js';
import { COLUMN_FLAGS, DEVICE_FLAGS, type Flags, GENERATION_FLAGS, PLAIN_FLAGS, TEXT_FLAGS } from './flags.js';
import { modelOf } from './generationArguments.js';
import type { CommandHelp } from './help.js';
import { interruptible } from './interrupt.js';
import { say } from './io.js';
import { STANDARD } from './tableArguments.js';
import { newColumn, textColumn, udfOptions } from './udfArguments.js';

const GROUPS = {
  column: COLUMN_FLAGS,
  model: TEXT_FLAGS,
  generation: GENERATION_FLAGS,
  device: DEVICE_FLAGS,
  other: PLAIN_FLAGS,
};

export const FLAGS: Flags = Object.assign({}, ...Object.values(GROUPS));

export const HELP: CommandHelp = {
  usage: 'precis pipe --text COL [options]',
  summary: `Reads an Arrow IPC stream on stdin and writes one on stdout: the same columns and a new one. Batch by batch: the rows of a
batch are answered before the next one has to come. Errors are lines on stderr, and the end is 1.`,
  examples: [
    'precis pipe --text document < rows.arrows > summaries.arrows',
    'precis pipe --text body --model ./t5-small --on-error struct < rows.arrows > summaries.arrows',
  ],
  groups: GROUPS,
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0)
    throw wrong(`${JSON.stringify(positionals[0])} is given`, 'a stream on stdin, no arguments');
  const text = textColumn(values);
  const options = await udfOptions(values);
  const column = newColumn(values);
  const model = await modelOf(values);
  const { readTable } = await import('../table/open.js');
  const { batchUdf } = await import('../predict/udf.js');
  const udf = await batchUdf(model, { ...options, warn: false, onEvent: (event) => sayRetry(event, say) });
  const table = (await readTable(STANDARD)).withColumn(column, udf(text));
  await interruptible('interrupted: the stream on stdout is not complete', async (signal) => {
    try {
      await table.write(STANDARD, { signal });
    } finally {
      await udf.close();
    }
  });
}
