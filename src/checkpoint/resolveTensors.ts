import { PrecisError } from '../errors.js';
import { sameBytes } from './readTensor.js';
import type { StoredTensor } from './safetensorsHeader.js';
import { EMBEDDING, expectedTensors, HEAD } from './tensors.js';
import type { ModelConfig, TensorInfo } from './types.js';
import type { WeightFiles } from './weightFiles.js';

export interface ResolvedTensors {
  /** With the head as the weights show it to be. */
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly warnings: readonly string[];
}

/** Further names of the shared embedding: a file may hold any of them, and savers differ in which they leave out. */
const EMBEDDING_ALIASES = ['encoder.embed_tokens.weight', 'decoder.embed_tokens.weight'];

/** Left over in Google's first checkpoints; HF ignores it too. */
const HARMLESS = 'decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight';

/** Finds every needed tensor under its own name or an alias; all that are missing or misshapen are told in one error. */
export function resolveTensors(dir: string, config: ModelConfig, files: WeightFiles): ResolvedTensors {
  const { stored } = files;
  const tied = isTied(config, files);
  const resolved = tied === config.tiedHead ? config : Object.freeze({ ...config, tiedHead: tied });
  const tensors = new Map<string, TensorInfo>();
  const problems: string[] = [];
  const used = new Set([HARMLESS, ...EMBEDDING_ALIASES, ...(tied ? [HEAD] : [])]);
  for (const { name, shape } of expectedTensors(resolved)) {
    used.add(name);
    const found = name === EMBEDDING ? embedding(tied, stored) : stored.get(name);
    if (!found) problems.push(`missing: ${name} [${shape.join(', ')}]`);
    else if (String(found.shape) !== String(shape)) {
      problems.push(`shape: ${found.name} is [${found.shape.join(', ')}], expected [${shape.join(', ')}]`);
    } else if (!isReadable(found)) {
      problems.push(`type: ${found.name} is ${found.dtype}, expected F32, F16 or BF16`);
    } else tensors.set(name, { ...found, name });
  }
  problems.push(...differingCopies(tensors.get(EMBEDDING), files));
  if (problems.length > 0) {
    throw new PrecisError('weights', {
      found: `${dir} has ${problems.length} missing or unfit ${problems.length === 1 ? 'tensor' : 'tensors'}`,
      expected: 'the tensors that its config.json describes',
      action: 'check that weights and config.json belong together',
      details: problems,
    });
  }
  const warnings = [...stored.keys()]
    .filter((name) => !used.has(name))
    .map((name) => `${stored.get(name)!.file}: tensor ${name} is not part of the model and is ignored`);
  return { config: resolved, tensors, warnings };
}

/**
 * A configuration that says "tied" is believed unless the file holds a head of its own: transformers 5
 * saves `tie_word_embeddings: true` for untied models too, and goes by the weights as we do.
 */
function isTied(config: ModelConfig, { stored, handles }: WeightFiles): boolean {
  if (!config.tiedHead) return false;
  const head = stored.get(HEAD);
  const shared = embedding(false, stored);
  if (!head || !shared || !isReadable(head) || !isReadable(shared)) return true;
  return sameBytes(head, handles.get(head.file)!, shared, handles.get(shared.file)!);
}

function embedding(tied: boolean, stored: ReadonlyMap<string, StoredTensor>): StoredTensor | undefined {
  const names = [EMBEDDING, ...EMBEDDING_ALIASES, ...(tied ? [HEAD] : [])];
  return names.map((name) => stored.get(name)).find((tensor) => tensor !== undefined);
}

/** Encoder and decoder with embeddings of their own would be another architecture; to ignore that would give wrong words. */
function differingCopies(shared: TensorInfo | undefined, { stored, handles }: WeightFiles): string[] {
  if (!shared) return [];
  return EMBEDDING_ALIASES.flatMap((name) => {
    const copy = stored.get(name);
    if (!copy || (copy.file === shared.file && copy.byteOffset === shared.byteOffset)) return [];
    const same = isReadable(copy) && sameBytes(copy, handles.get(copy.file)!, shared, handles.get(shared.file)!);
    return same ? [] : [`values: ${name} differs from ${EMBEDDING}, expected one embedding for encoder and decoder`];
  });
}

function isReadable(tensor: StoredTensor): tensor is TensorInfo {
  return tensor.dtype === 'F32' || tensor.dtype === 'F16' || tensor.dtype === 'BF16';
}
