import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, DEVICE_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';
import { size } from './sizes.js';

const CONVERT_FLAGS: Flags = { precision: DEVICE_FLAGS.precision };

export const FLAGS: Flags = { ...CONVERT_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis models convert DIR [--precision auto|fp32|int8|fp16]',
  summary: `Converts a T5-family checkpoint folder (config.json, *.safetensors) to the graphs that precis runs.
The result is kept under PRECIS_HOME (~/.precis by default); \`generate\` converts by itself when it is missing.`,
  examples: ['precis models convert ./t5-small', 'precis models convert ./flan-t5-base --precision fp32 --json'],
  groups: { options: CONVERT_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [uri, ...more] = positionals;
  if (uri === undefined || more.length > 0)
    throw wrong(`${positionals.length} folders are given`, 'one checkpoint folder');
  const { convertCheckpoint } = await import('../graph/convert.js');
  const { modelFolder } = await import('../predict/modelUri.js');
  const asked = values.precision as 'auto' | 'fp32' | 'int8' | 'fp16' | undefined;
  const done = await convertCheckpoint(modelFolder(uri), { precision: asked });
  const { dir, precision, parameters, bytes, seconds, cached, files, warnings } = done;
  for (const warning of warnings) process.stderr.write(`precis: ${warning}\n`);
  if (values.json === true) {
    print(`${JSON.stringify({ model: uri, dir, precision, parameters, bytes, seconds, cached, files, warnings })}\n`);
    return;
  }
  const how = cached ? `already converted, found in ${seconds.toFixed(2)} s` : `converted in ${seconds.toFixed(2)} s`;
  const lines = [
    `${uri}: ${how}`,
    `  precision   ${precision}`,
    `  parameters  ${parameters.toLocaleString('en')}`,
    `  folder      ${dir}`,
  ];
  for (const file of files) lines.push(`  ${size(file.bytes).padStart(10)}  ${file.name}`);
  lines.push(`  ${size(bytes).padStart(10)}  together`);
  print(`${lines.join('\n')}\n`);
}
