import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';
import type { ModelDescription } from './modelDescription.js';
import { size } from './sizes.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis models show URI [--json]',
  summary: `Shows what a model is: its family and size, the tasks it knows with their prefixes, the generation settings that hold
when none are given, its tokenizer, its files, and the conversions of it that exist. Runs and converts nothing.`,
  examples: ['precis models show builtin:precis-tiny', 'precis models show ./t5-small --json'],
  groups: { options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [uri, ...more] = positionals;
  if (uri === undefined || more.length > 0) throw wrong(`${positionals.length} models are given`, 'one');
  const { isWeightless } = await import('../predict/builtin.js');
  if (isWeightless(uri)) {
    const { readBuiltinUri } = await import('../engine/builtin/builtinModels.js');
    const { name } = readBuiltinUri(uri);
    const shown = { model: uri, kind: 'builtin', family: name, parameters: 0 };
    print(
      values.json === true
        ? `${JSON.stringify(shown)}\n`
        : `${uri}\n  a model without weights: a plain function of text\n`,
    );
    return;
  }
  const { describeFolder } = await import('./modelDescription.js');
  const described = describeFolder(uri);
  print(values.json === true ? `${JSON.stringify(described)}\n` : text(described));
}

function text(model: ModelDescription): string {
  const { config, tokenizer } = model;
  const tasks = Object.entries(model.tasks).map(([task, prefix]) => `${task} (${JSON.stringify(prefix)})`);
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [
    `${model.model}`,
    line('kind', `${model.kind}, ${model.family}`),
    line('folder', model.dir),
    ...(model.parameters === null ? [] : [line('parameters', model.parameters.toLocaleString('en'))]),
    ...('numLayers' in config
      ? [
          line(
            'layers',
            `${config.numLayers} encoder, ${config.numDecoderLayers} decoder; width ${config.dModel}, ${config.numHeads} heads`,
          ),
        ]
      : []),
    line('vocabulary', config.vocabSize.toLocaleString('en')),
    line('tasks', tasks.join(', ') || 'none named'),
    line(
      'tokenizer',
      tokenizer.problem ?? `${tokenizer.vocabulary} ids, inputs up to ${tokenizer.max_input_tokens} tokens`,
    ),
    line('files', `${model.files.length}, ${size(bytes)}`),
    ...model.conversions.map((one) =>
      line('conversion', `${one.precision}${one.bytes === null ? '' : `, ${size(one.bytes)}`}: ${one.dir}`),
    ),
    ...model.warnings.map((warning) => line('warning', warning)),
    'generation, if nothing is asked for:',
    ...Object.entries(model.generation).map(([name, value]) => line(name, JSON.stringify(value))),
  ];
  return `${lines.join('\n')}\n`;
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(24)} ${value}`;
}
