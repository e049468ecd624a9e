import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../src/checkpoint/types.js';
import { ConvertedModel } from '../../src/engine/convertedModel.js';
import { CrossCache, paddedLength } from '../../src/engine/crossCache.js';
import { Encoder } from '../../src/engine/encoder.js';
import { type Feeds, tensor } from '../../src/engine/session.js';
import { GraphBuilder, type Value } from '../../src/graph/builder.js';
import type { Conversion } from '../../src/graph/convert.js';
import { buildEncoder } from '../../src/graph/encoderGraph.js';
import { ENCODER_FILE, MANIFEST_FILE, WEIGHT_FILE } from '../../src/graph/manifest.js';
import type { Attribute } from '../../src/graph/onnx.js';
import { WeightFile } from '../../src/graph/weightFile.js';

/** Builds the converter's own graph with every layer norm's result as one more output: what each sublayer reads. */
class ProbedGraph extends GraphBuilder {
  readonly probes: Value[] = [];

  override op(op: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}, as?: string): Value {
    const value = super.op(op, inputs, attributes, as);
    if (op === 'SimplifiedLayerNormalization') {
      this.output(value, 'float32', ['S', 'norm']);
      this.probes.push(value);
    }
    return value;
  }
}

class ProbedCache extends CrossCache {
  readonly probed: Feeds = {};

  override outputs(slot: number): Feeds {
    return { ...super.outputs(slot), ...this.probed };
  }
}

/** The encoder of a conversion, sublayer by sublayer. */
export class EncoderProbe {
  private constructor(
    private readonly model: ConvertedModel,
    private readonly encoder: Encoder,
    private readonly probes: readonly Value[],
  ) {}

  /** Writes the graph into the empty folder `target`. */
  static async open(checkpoint: Checkpoint, conversion: Conversion, target: string): Promise<EncoderProbe> {
    const { precision, kernels } = conversion;
    const { config, weights } = checkpoint;
    const graph = new ProbedGraph(ENCODER_FILE, WEIGHT_FILE);
    const file = new WeightFile(join(target, WEIGHT_FILE));
    const zeroPoints = precision === 'int8' ? graph.input('zero_points', 'uint8', ['S']) : '';
    buildEncoder({ graph, file, weights, config, precision, zeroPoints, ...kernels });
    file.close();
    writeFileSync(join(target, ENCODER_FILE), graph.encode('probe'));
    copyFileSync(join(conversion.dir, MANIFEST_FILE), join(target, MANIFEST_FILE));
    const model = await ConvertedModel.open(target, 1);
    return new EncoderProbe(model, new Encoder(model), graph.probes);
  }

  /** [S, d_model] before each sublayer, and the final states. */
  async states(ids: Int32Array): Promise<Float32Array[]> {
    const { dModel } = this.model.config;
    const padded = paddedLength(ids.length);
    const cache = new ProbedCache(this.model, 1, padded);
    cache.reset(padded);
    const states = this.probes.map(() => new Float32Array(ids.length * dModel));
    this.probes.forEach((name, i) => {
      cache.probed[name] = tensor('float32', states[i], [ids.length, dModel]);
    });
    await this.encoder.encode(ids, cache, 0);
    return states;
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}
