import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint } from '../checkpoint/types.js';
import { GraphBuilder } from './builder.js';
import { buildDecoder } from './decoderGraph.js';
import { buildEncoder } from './encoderGraph.js';
import { HEAD_KINDS } from './headGraph.js';
import type { LayerContext } from './layers.js';
import type { Precision } from './linear.js';
import {
  CONVERTER_VERSION,
  type ConvertedManifest,
  decoderFile,
  ENCODER_FILE,
  type Kernels,
  MANIFEST_FILE,
  WEIGHT_FILE,
} from './manifest.js';
import { biasByDistance } from './relativeBias.js';
import { WeightFile } from './weightFile.js';

/** Writes a validated checkpoint's graphs, weights and manifest into an existing empty folder. */
export async function buildGraphs(
  checkpoint: Checkpoint,
  precision: Precision,
  kernels: Kernels,
  target: string,
): Promise<void> {
  const { config, weights } = checkpoint;
  const file = new WeightFile(join(target, WEIGHT_FILE));
  try {
    const build = async (name: string, rows: string, describe: (context: LayerContext) => void): Promise<void> => {
      // A signal is only seen between two graphs.
      await setImmediate();
      const graph = new GraphBuilder(name, WEIGHT_FILE);
      const zeroPoints = precision === 'int8' ? graph.input('zero_points', 'uint8', [rows]) : '';
      describe({ graph, file, weights, config, precision, zeroPoints, ...kernels });
      writeFileSync(join(target, name), graph.encode(String(CONVERTER_VERSION)));
    };
    await build(ENCODER_FILE, 'S', buildEncoder);
    for (const head of HEAD_KINDS) await build(decoderFile(head), 'N', (context) => buildDecoder(context, head));
  } finally {
    file.close();
  }
  const manifest: ConvertedManifest = {
    converterVersion: CONVERTER_VERSION,
    checkpointHash: checkpoint.hash,
    precision,
    kernels,
    config,
    parameters: checkpoint.parameters,
    encoderBias: biasTables(checkpoint, 'encoder'),
    decoderBias: biasTables(checkpoint, 'decoder'),
  };
  writeFileSync(join(target, MANIFEST_FILE), JSON.stringify(manifest));
}

function biasTables({ config, weights }: Checkpoint, side: 'encoder' | 'decoder') {
  const layers = side === 'encoder' ? config.numLayers : config.numDecoderLayers;
  return Array.from({ length: config.biasInEveryLayer ? layers : 1 }, (_, layer) => {
    const name = `${side}.block.${layer}.layer.0.SelfAttention.relative_attention_bias.weight`;
    return biasByDistance(config, weights.readFloat32(name), side === 'encoder');
  });
}
