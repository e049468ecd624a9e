import type { GenerationOptions } from '../engine/types.js';
import type { LoadOptions } from '../predict/types.js';
import { type ParsedArguments, wrong } from './args.js';
import { GENERATION_FLAGS } from './flags.js';

export type Values = ParsedArguments['values'];

/** The API's options: the same names in camelCase. */
export function generationOptions(values: Values): GenerationOptions {
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(GENERATION_FLAGS)) {
    const value = values[name];
    if (value === undefined) continue;
    const camelCase = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    options[camelCase] = name === 'early-stopping' && value !== 'never' ? value === 'true' : value;
  }
  return options as GenerationOptions;
}

export async function loadOptions(values: Values): Promise<LoadOptions> {
  await refuseLaterDevices(values);
  return {
    precision: values.precision as LoadOptions['precision'],
    threads: values['threads-per-worker'] as number | undefined,
    batchRows: values['batch-rows'] as number | undefined,
    task: values.task as string | undefined,
    tokenizer: values.tokenizer as string | undefined,
  };
}

/** The model that was named, or the one that comes with the package. */
export async function modelOf(values: Values): Promise<string> {
  const { SHIPPED_MODEL } = await import('../engine/builtin/shippedModel.js');
  return (values.model as string | undefined) ?? SHIPPED_MODEL;
}

/** What the contract names and this version does not do is refused by name, never ignored. */
async function refuseLaterDevices(values: Values): Promise<void> {
  const device = (values.device ?? 'auto') as string;
  if (/^cuda(:\d+)?(,cuda:\d+)*$/.test(device)) {
    throw wrong(`--device ${device} is not supported by this version`, 'auto or cpu', await missingForCuda());
  }
  if (device !== 'auto' && device !== 'cpu') throw wrong(`--device is ${JSON.stringify(device)}`, 'auto or cpu');
  if (values['batch-tokens'] !== undefined) {
    throw wrong("--batch-tokens is for CUDA's encoder, which this version does not support", 'no --batch-tokens');
  }
  if (values.precision === 'fp16') {
    throw wrong('--precision fp16 is for CUDA, which this version does not support', 'auto, int8 or fp32');
  }
}

async function missingForCuda(): Promise<string> {
  const { missingCudaPiece, readCudaChain } = await import('../device/cudaChain.js');
  const { installedRuntime } = await import('../engine/runtimeProbe.js');
  const bindingFolder = installedRuntime()?.bindingFolder ?? null;
  const missing = missingCudaPiece(readCudaChain({ bindingFolder, libraryPath: process.env.LD_LIBRARY_PATH }));
  if (missing === null) return 'this machine has every piece that a later version needs';
  return `this machine has ${missing.found} either (precis doctor shows all that CUDA needs)`;
}
