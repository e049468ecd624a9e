import type { PoolEvent } from '../pool/types.js';
import type { GeneratedText } from '../predict/types.js';
import { type ParsedArguments, wrong } from './args.js';
import { sayRetry } from './events.js';
import { COMMON_FLAGS, DEVICE_FLAGS, type Flags, GENERATION_FLAGS, TEXT_FLAGS } from './flags.js';
import type { GenerateSetting } from './generateWorker.js';
import { generationOptions, loadOptions, modelOf } from './generationArguments.js';
import type { CommandHelp } from './help.js';
import { interruptible } from './interrupt.js';
import { print, readLines } from './io.js';
import { Progress } from './progress.js';

export const FLAGS: Flags = { ...TEXT_FLAGS, ...GENERATION_FLAGS, ...DEVICE_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis generate TEXT | - [--model URI] [options]',
  summary: `Generates from one text, or with - from every line of stdin, and prints one result a line.
Of a result from stdin, line breaks are printed as \\n. Options that are not given come from the model's own files.`,
  examples: [
    'precis generate "The council approved the budget on Tuesday ..." --model ./t5-small --num-beams 4 --json',
    'precis generate - --model ./t5-small --max-new-tokens 60 < articles.txt > summaries.txt',
  ],
  groups: { input: TEXT_FLAGS, generation: GENERATION_FLAGS, device: DEVICE_FLAGS, other: COMMON_FLAGS },
};

/** Lines that a worker gets at a time, at most: enough to step them side by side, few enough that the first results come soon. */
const MOST_LINES = 256;

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [text, ...more] = positionals;
  if (text === undefined)
    throw wrong('no text is given', 'one text, or - for stdin', 'precis generate --help shows examples');
  if (more.length > 0)
    throw wrong(`${positionals.length} texts are given`, 'one', 'put the text in quotes, or give one a line on stdin');
  const workers = values.workers as number | undefined;
  if (text !== '-' && workers !== undefined && workers > 1) {
    throw wrong(`--workers ${workers} is given with one text`, 'it with texts on stdin');
  }
  const load = await loadOptions(values);
  const generation = generationOptions(values);
  const how = {
    prefix: values.prefix as string | undefined,
    maxInputTokens: values['max-input-tokens'] as number | undefined,
  };
  const setting: GenerateSetting = { uri: await modelOf(values), load, generation, how };
  const json = values.json === true;
  const show = ({ text: result }: GeneratedText) => print(`${text === '-' ? onOneLine(result) : result}\n`);
  const results =
    text === '-'
      ? await ofLines(setting, workers, json ? null : show)
      : await ofText(text, setting, json ? null : show);
  if (json) print(`${JSON.stringify({ model: setting.uri, results: results.map(jsonResult) })}\n`);
}

type Show = ((result: GeneratedText) => void) | null;

/** In this process: starting another would take longer than the text. */
async function ofText(text: string, { uri, load, generation, how }: GenerateSetting, show: Show) {
  const { openModel } = await import('../predict/openModel.js');
  const model = await openModel(uri, load);
  try {
    return (await model.generateTexts([text], generation, { ...how, onResult: show ?? undefined })).results;
  } finally {
    await model.close();
  }
}

async function ofLines(setting: GenerateSetting, workers: number | undefined, show: Show): Promise<GeneratedText[]> {
  const lines = await readLines(process.stdin);
  if (lines.length === 0) return [];
  const { prepareModel } = await import('../predict/prepareModel.js');
  const { uri, load, generation, how: text } = setting;
  await prepareModel({ uri, load, generation, text, longDocuments: 'truncate', resultType: 'string' });
  const progress = new Progress('texts', lines.length);
  progress.start();
  try {
    const run = { lines, setting, workers: lines.length === 1 ? 1 : workers, progress, show };
    return await interruptible('interrupted', (signal) => inPool(run, signal));
  } finally {
    // An error's line must not be written behind the bar.
    progress.end();
  }
}

interface PoolRun {
  readonly lines: readonly string[];
  readonly setting: GenerateSetting;
  readonly workers: number | undefined;
  readonly progress: Progress;
  readonly show: Show;
}

/** What is shown at once is not kept. */
async function inPool({ lines, setting, workers, progress, show }: PoolRun, signal: AbortSignal) {
  const { openPool } = await import('../pool/pool.js');
  const { resultsOf, textBatch } = await import('./generateWorker.js');
  const module = new URL('./generateWorker.js', import.meta.url).href;
  const spec = { module, exportName: 'openGenerateFunction', options: setting };
  const onEvent = (event: PoolEvent) => {
    sayRetry(event, (line) => progress.say(line));
    if (event.kind === 'progress') progress.update({ done: event.rows });
  };
  const threadsPerWorker = setting.load.threads;
  const pool = await openPool(spec, { workers, threadsPerWorker, isolation: 'process', onEvent });
  const size = Math.min(MOST_LINES, Math.ceil(lines.length / (4 * pool.workers)));
  function* partitions() {
    for (let at = 0; at < lines.length; at += size) yield textBatch(lines.slice(at, at + size));
  }
  const results: GeneratedText[] = [];
  try {
    for await (const { batch } of pool.map(partitions(), { signal })) {
      for (const result of resultsOf(batch)) {
        if (show) show(result);
        else results.push(result);
      }
    }
    return results;
  } finally {
    await pool.close();
  }
}

function jsonResult(result: GeneratedText): object {
  return {
    text: result.text,
    token_ids: result.tokenIds,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    truncated: result.truncated,
    finish_reason: result.finishReason,
    score: result.score,
  };
}

function onOneLine(text: string): string {
  return text.replace(/\r?\n/g, '\\n');
}
