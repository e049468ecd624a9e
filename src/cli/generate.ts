import type { GeneratedText, LoadedModel } from '../predict/types.js';
import { type ParsedArguments, wrong } from './args.js';
import { handToEngineProcess } from './engineProcess.js';
import { COMMON_FLAGS, DEVICE_FLAGS, type Flags, GENERATION_FLAGS, TEXT_FLAGS } from './flags.js';
import { generationOptions, loadOptions } from './generationArguments.js';
import type { CommandHelp } from './help.js';
import { print, readLines } from './io.js';
import { Progress } from './progress.js';

export const FLAGS: Flags = { ...TEXT_FLAGS, ...GENERATION_FLAGS, ...DEVICE_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis generate TEXT | - --model DIR [options]',
  summary: `Generates from one text, or with - from every line of stdin, and prints one result a line.
Of a result from stdin, line breaks are printed as \\n. Options that are not given come from the model's own files.`,
  examples: [
    'precis generate "The council approved the budget on Tuesday ..." --model ./t5-small --num-beams 4 --json',
    'precis generate - --model ./t5-small --max-new-tokens 60 < articles.txt > summaries.txt',
  ],
  groups: { input: TEXT_FLAGS, generation: GENERATION_FLAGS, device: DEVICE_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [text, ...more] = positionals;
  if (text === undefined)
    throw wrong('no text is given', 'one text, or - for stdin', 'precis generate --help shows examples');
  if (more.length > 0)
    throw wrong(`${positionals.length} texts are given`, 'one', 'put the text in quotes, or give one a line on stdin');
  const options = generationOptions(values);
  const load = await loadOptions(values);
  if (values.workers !== undefined && values.workers !== 1) {
    throw wrong(`--workers ${values.workers} is not supported by this version`, '1');
  }
  if (text === '-' && values.model !== undefined && (await handToEngineProcess())) return;
  // The model is opened by code that takes a while to load: not before the arguments are known to be right.
  const { loadModel } = await import('../predict/loadModel.js');
  const { noBuiltinModel } = await import('../predict/modelUri.js');
  if (values.model === undefined) throw noBuiltinModel();
  const texts = text === '-' ? await readLines(process.stdin) : [text];
  const model = await loadModel(values.model as string, load);
  try {
    await generate(model, texts, options, { values, lines: text === '-' });
  } finally {
    await model.close();
  }
}

async function generate(
  model: LoadedModel,
  texts: readonly string[],
  options: ReturnType<typeof generationOptions>,
  { values, lines }: { values: ParsedArguments['values']; lines: boolean },
): Promise<void> {
  const json = values.json === true;
  let done = 0;
  const progress = new Progress('texts', texts.length);
  const onResult = (result: GeneratedText) => {
    progress.update({ done: ++done });
    if (!json) print(`${lines ? onOneLine(result.text) : result.text}\n`);
  };
  const how = {
    prefix: values.prefix as string | undefined,
    maxInputTokens: values['max-input-tokens'] as number | undefined,
    onResult,
  };
  try {
    const { model: uri, results } = await model.generateTexts(texts, options, how);
    progress.end();
    if (json) print(`${JSON.stringify({ model: uri, results: results.map(jsonResult) })}\n`);
  } finally {
    // An error's line must not be written behind the bar.
    progress.end();
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
