import type { ModelConfig } from './types.js';

/** The name that the shared embedding matrix and the head have in this project, whatever alias the file used. */
export const EMBEDDING = 'shared.weight';
export const HEAD = 'lm_head.weight';

/** One tensor that a checkpoint of this configuration must hold. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Every tensor the graphs need, by its Hugging Face name, in the order of the architecture. */
export function expectedTensors(config: ModelConfig): ExpectedTensor[] {
  const { dModel, vocabSize, numLayers, numDecoderLayers } = config;
  const tensors: ExpectedTensor[] = [{ name: EMBEDDING, shape: [vocabSize, dModel] }];
  for (let layer = 0; layer < numLayers; layer++) {
    const block = `encoder.block.${layer}`;
    tensors.push(...selfAttention(config, block, layer), ...feedForward(config, `${block}.layer.1`));
  }
  tensors.push({ name: 'encoder.final_layer_norm.weight', shape: [dModel] });
  for (let layer = 0; layer < numDecoderLayers; layer++) {
    const block = `decoder.block.${layer}`;
    tensors.push(
      ...selfAttention(config, block, layer),
      ...projections(config, `${block}.layer.1.EncDecAttention`),
      { name: `${block}.layer.1.layer_norm.weight`, shape: [dModel] },
      ...feedForward(config, `${block}.layer.2`),
    );
  }
  tensors.push({ name: 'decoder.final_layer_norm.weight', shape: [dModel] });
  if (!config.tiedHead) tensors.push({ name: HEAD, shape: [vocabSize, dModel] });
  return tensors;
}

function selfAttention(config: ModelConfig, block: string, layer: number): ExpectedTensor[] {
  const attention = `${block}.layer.0.SelfAttention`;
  const tensors = projections(config, attention);
  if (layer === 0 || config.biasInEveryLayer) {
    tensors.push({
      name: `${attention}.relative_attention_bias.weight`,
      shape: [config.relativeBuckets, config.numHeads],
    });
  }
  tensors.push({ name: `${block}.layer.0.layer_norm.weight`, shape: [config.dModel] });
  return tensors;
}

function projections(config: ModelConfig, attention: string): ExpectedTensor[] {
  const inner = config.numHeads * config.dKv;
  return [
    { name: `${attention}.q.weight`, shape: [inner, config.dModel] },
    { name: `${attention}.k.weight`, shape: [inner, config.dModel] },
    { name: `${attention}.v.weight`, shape: [inner, config.dModel] },
    { name: `${attention}.o.weight`, shape: [config.dModel, inner] },
  ];
}

function feedForward(config: ModelConfig, layer: string): ExpectedTensor[] {
  const inputs = config.gated ? ['wi_0', 'wi_1'] : ['wi'];
  return [
    ...inputs.map((wi) => ({ name: `${layer}.DenseReluDense.${wi}.weight`, shape: [config.dFf, config.dModel] })),
    { name: `${layer}.DenseReluDense.wo.weight`, shape: [config.dModel, config.dFf] },
    { name: `${layer}.layer_norm.weight`, shape: [config.dModel] },
  ];
}
