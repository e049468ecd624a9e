import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis doctor [--json]',
  summary: `Says what this machine has, what that means for speed, and what is missing: Node, the processor, memory, disks,
PRECIS_HOME, onnxruntime, Parquet, the built-in model, and each piece that CUDA needs. Ends with 0 if models can run on the CPU, with 1 if not.`,
  examples: ['precis doctor', 'precis doctor --json > machine.json'],
  groups: { options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0) throw wrong(`precis doctor ${positionals[0]}`, 'no arguments');
  const { examine } = await import('./doctorReport.js');
  const { reportText } = await import('./doctorText.js');
  const report = await examine();
  print(values.json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  if (!report.ok) process.exitCode = 1;
}
