import { openCheckpoint } from '../checkpoint/open.js';
import type { GenerationDefaults, ModelConfig } from '../checkpoint/types.js';
import { isGenericFolder, readGenericModel } from '../engine/generic/genericFolder.js';
import { resolveOptions } from '../engine/search/options.js';
import { convertOpened } from '../graph/convert.js';
import { type AskedPrecision, chooseKernels } from '../graph/kernels.js';
import { isWeightless } from '../predict/builtin.js';
import { modelFolder } from '../predict/modelUri.js';
import { chooseTask, taskPrefix } from '../text/prompt.js';
import { openTokenizer } from '../text/tokenizer.js';
import type { Tokenizer } from '../text/types.js';
import type { Dimensions } from './operations.js';

/** What is known of a model before any process runs it. */
export interface MeasuredModel {
  readonly uri: string;
  /** Of models that we run natively: what a document's operations are counted by. */
  readonly dimensions: Dimensions | null;
  /** How int8 products are computed on this processor. */
  readonly kernels: string | null;
  /** Beams where nothing is asked for; null of a model without weights. */
  readonly beams: number | null;
  /** Tokens of a text as an input, prefix and end token included. */
  countTokens(text: string): number;
}

export interface ModelChoice {
  readonly precisions: readonly AskedPrecision[];
  readonly task?: string;
  readonly prefix?: string;
  readonly tokenizer?: string;
}

/** Looks at a model and converts it to what will be measured, so that no conversion counts as anyone's time or memory. */
export async function prepareModel(uri: string, choice: ModelChoice): Promise<MeasuredModel> {
  if (isWeightless(uri)) return withoutWeights(uri);
  const dir = modelFolder(uri);
  return isGenericFolder(dir) ? genericModel(uri, dir, choice) : await nativeModel(uri, dir, choice);
}

/** Words stand for tokens. */
function withoutWeights(uri: string): MeasuredModel {
  return { uri, dimensions: null, kernels: null, beams: null, countTokens: (text) => text.split(/\s+/).length };
}

function genericModel(uri: string, dir: string, choice: ModelChoice): MeasuredModel {
  const { tokens, defaults, maxPositions } = readGenericModel(dir);
  const tokenizer = openTokenizer(choice.tokenizer ?? dir, { vocabSize: tokens.vocabSize, maxPositions });
  // Options are typed for T5 configurations, but ask for nothing beyond these.
  const facts = described(uri, choice, defaults, tokens as ModelConfig, tokenizer);
  return { ...facts, dimensions: null, kernels: null };
}

async function nativeModel(uri: string, dir: string, choice: ModelChoice): Promise<MeasuredModel> {
  const checkpoint = openCheckpoint(dir);
  try {
    const { config, defaults } = checkpoint;
    const facts = described(uri, choice, defaults, config, openTokenizer(choice.tokenizer ?? dir, config));
    for (const precision of choice.precisions) await convertOpened(checkpoint, { precision });
    const { crossKernel, weightLimit } = chooseKernels(config);
    const kernels = `${crossKernel} cross attention${weightLimit < 127 ? ', 7-bit weights' : ''}`;
    return { ...facts, dimensions: dimensionsOf(config), kernels };
  } finally {
    checkpoint.weights.close();
  }
}

function described(
  uri: string,
  choice: ModelChoice,
  defaults: GenerationDefaults,
  config: ModelConfig,
  tokenizer: Tokenizer,
) {
  const task = chooseTask(defaults.taskSpecificParams, choice.task);
  const prefix = taskPrefix(defaults.taskSpecificParams, task, choice.prefix);
  return {
    uri,
    beams: resolveOptions({}, defaults, config, task).numBeams,
    countTokens: (text: string) => tokenizer.encode(text, { prefix, maxTokens: Number.MAX_SAFE_INTEGER }).ids.length,
  };
}

function dimensionsOf(config: ModelConfig): Dimensions {
  return {
    dModel: config.dModel,
    inner: config.numHeads * config.dKv,
    // A gated feed-forward has a third matrix, as large as each of the other two.
    dFf: config.gated ? config.dFf * 1.5 : config.dFf,
    encoderLayers: config.numLayers,
    decoderLayers: config.numDecoderLayers,
    vocabSize: config.vocabSize,
  };
}
