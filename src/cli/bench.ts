import type { BenchHooks } from '../measure/bench.js';
import { plot } from '../measure/plot.js';
import { REPORT_FORMATS, writeReport } from '../measure/report.js';
import { labelOf, type Setting, varyingParts } from '../measure/settings.js';
import { type ParsedArguments, wrong } from './args.js';
import { benchModel, benchTexts, formatOf, plotFile, sweepOf } from './benchArguments.js';
import { COMMON_FLAGS, DEVICE_FLAGS, type Flags, GENERATION_FLAGS, TEXT_FLAGS } from './flags.js';
import type { CommandHelp } from './help.js';
import { interruptible } from './interrupt.js';
import { print } from './io.js';

const SWEEP_FLAGS: Flags = {
  precision: { ...DEVICE_FLAGS.precision, separator: ',', help: 'one or several with commas' },
  workers: { type: 'count', separator: ',', value: 'N,...', help: 'engines side by side; as many as cores by default' },
  'threads-per-worker': { type: 'count', separator: ',', value: 'N,...', help: 'threads of one graph, 1 by default' },
  'batch-rows': { type: 'count', separator: ',', value: 'N,...', help: 'rows that the decoder steps at once' },
  'num-beams': {
    type: 'count',
    separator: ',',
    value: 'N,...',
    help: "1 is greedy; the model's own number by default",
  },
  device: { type: 'text', separator: ';', value: 'D;...', help: 'cpu; lists of devices have semicolons between them' },
  repetitions: { type: 'count', short: 'r', help: 'runs of each setting, 3 by default' },
};

const WORK_FLAGS: Flags = {
  ...Object.fromEntries(['model', 'tokenizer', 'task', 'prefix'].map((name) => [name, TEXT_FLAGS[name]])),
  documents: { type: 'count', help: '48 for each worker by default; of --input the first 192' },
  'input-tokens': { type: 'count', help: 'of a made-up document on average, 430 by default' },
  input: {
    type: 'text',
    value: 'FILE',
    completes: 'files',
    help: 'a table with documents of your own, instead of made-up ones',
  },
  text: { type: 'text', value: 'COL', help: 'its column with the texts' },
  'max-input-tokens': TEXT_FLAGS['max-input-tokens'],
  'max-new-tokens': {
    ...GENERATION_FLAGS['max-new-tokens'],
    help: '60 by default: exactly so many for made-up documents, at most for your own',
  },
};

const OUTPUT_FLAGS: Flags = {
  format: { type: 'choice', short: 'o', values: REPORT_FORMATS, help: 'table by default; --json is -o json' },
  plot: { type: 'text', value: 'FILE.svg', help: 'write a chart of the throughput by setting' },
};

export const FLAGS: Flags = { ...SWEEP_FLAGS, ...WORK_FLAGS, ...OUTPUT_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis bench [--model URI] [settings] [options]',
  summary: `Measures how fast a model runs on this machine: texts in, texts out, without reading or writing tables.
Every combination of the settings runs in a fresh process, all of them in turn, then all again; warming up is not counted.
Prefill is the encoder's time a document and worker, decode all that follows; the roofline is what bare matrix products
reach on as many cores at the same time.`,
  examples: [
    'precis bench --model ./t5-small --precision int8,fp32 --workers 1,2 -r 3 --plot speed.svg',
    'precis bench --model ./t5-small --batch-rows 32,64 --num-beams 1,4 --input prod.parquet --text document -o md',
  ],
  groups: { settings: SWEEP_FLAGS, documents: WORK_FLAGS, output: OUTPUT_FLAGS, other: COMMON_FLAGS },
};

const STOPPED = 'interrupted; what was measured until then is printed';

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0)
    throw wrong(`${JSON.stringify(positionals[0])} is given`, 'options only', 'name a table with --input FILE');
  const format = formatOf(values);
  const sweep = await sweepOf(values);
  const writePlot = plotFile(values);
  const texts = await benchTexts(values);
  const request = { ...(await benchModel(values)), sweep, texts };
  await interruptible(STOPPED, async (signal) => {
    const { bench } = await import('../measure/bench.js');
    const { isWeightless } = await import('../predict/builtin.js');
    if (isWeightless(request.model)) say(`${request.model} has no weights: only the way of the texts is measured`);
    const { report, stoppedBy } = await bench(request, { signal, ...progressLines(request.repetitions) });
    if (report !== null) print(writeReport(report, format));
    if (report !== null) writePlot?.(plot(report));
    if (stoppedBy !== undefined) throw stoppedBy;
  });
}

/** A line a run, on stderr: a run takes seconds. */
function progressLines(repetitions: number): Pick<BenchHooks, 'onPrepared' | 'onRun'> {
  let total = 0;
  let done = 0;
  let varying: readonly (keyof Setting)[] = [];
  return {
    onPrepared: (settings) => {
      total = settings.length * repetitions;
      varying = varyingParts(settings);
    },
    onRun: ({ tokens, seconds }, setting) => {
      const label = labelOf(setting, varying);
      say(`run ${++done} of ${total}: ${label && `${label}, `}${(tokens.length / seconds).toFixed(2)} documents/s`);
    },
  };
}

function say(line: string): void {
  process.stderr.write(`precis: ${line}\n`);
}
