import '../noTelemetry.js';

import type { Tensor as TensorClass } from '@huggingface/transformers';
import { PrecisError } from '../../errors.js';
import type { GenericVariant } from './genericFolder.js';

type Tensors = Record<string, TensorClass>;

/** What we use of a model of transformers.js. */
interface LibraryModel {
  forward(inputs: object): Promise<Tensors>;
  _prepare_encoder_decoder_kwargs_for_generation(inputs: object): Promise<{ encoder_outputs: TensorClass }>;
  dispose(): Promise<unknown>;
}

/** The state of one document: what the encoder made of it, and the keys and values of every decoder row. */
export interface DocumentState {
  readonly hidden: TensorClass;
  readonly mask: TensorClass;
  past: Tensors | null;
}

/** An encoder and a decoder as transformers.js runs them; which token follows is chosen by whoever calls. */
export class Seq2SeqModel {
  private constructor(
    private readonly model: LibraryModel,
    private readonly Tensor: typeof TensorClass,
  ) {}

  static async open(dir: string, variant: GenericVariant, threads: number): Promise<Seq2SeqModel> {
    // 100 ms to load, so only where it is used.
    const { AutoModelForSeq2SeqLM, LogLevel, Tensor, env } = await import('@huggingface/transformers');
    env.allowRemoteModels = false;
    env.logLevel = LogLevel.ERROR;
    try {
      const model = await AutoModelForSeq2SeqLM.from_pretrained(dir, {
        local_files_only: true,
        device: 'cpu',
        dtype: variant.dtype,
        session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
      });
      return new Seq2SeqModel(model as unknown as LibraryModel, Tensor);
    } catch (cause) {
      throw new PrecisError('model', {
        found: `${dir}: transformers.js does not open this model (${String((cause as Error).message).split('\n')[0]})`,
        expected: 'a text-to-text model exported for transformers.js',
        cause,
      });
    }
  }

  async encode(ids: Int32Array, rows: number): Promise<DocumentState> {
    const input_ids = this.ids(ids, 1);
    const attention_mask = this.ones(1, ids.length);
    const { encoder_outputs } = await this.model._prepare_encoder_decoder_kwargs_for_generation({
      model_inputs: { input_ids, attention_mask },
      generation_config: { guidance_scale: null },
    });
    return { hidden: this.repeat(encoder_outputs, rows), mask: this.ones(rows, ids.length), past: null };
  }

  /** The mean of what the encoder made of each token. */
  async meanState(ids: Int32Array): Promise<Float32Array> {
    const { hidden } = await this.encode(ids, 1);
    const { dims } = hidden;
    if (dims.length !== 3 || dims[1] !== ids.length) {
      throw new PrecisError('engine', {
        found: `the encoder answers with [${dims.join(', ')}] to ${ids.length} tokens, so there is nothing to embed with`,
        expected: 'one state for each token (last_hidden_state)',
      });
    }
    const states = hidden.to('float32').data as Float32Array;
    const mean = new Float32Array(dims[2]);
    for (let i = 0; i < states.length; i++) mean[i % mean.length] += states[i];
    return mean.map((sum) => sum / ids.length);
  }

  /** Feeds one token a row and returns the next logits, row after row. */
  async decode(state: DocumentState, tokens: Int32Array): Promise<Float32Array> {
    const outputs = await this.model.forward({
      attention_mask: state.mask,
      encoder_outputs: state.hidden,
      decoder_input_ids: this.ids(tokens, tokens.length),
      past_key_values: state.past,
    });
    const past: Tensors = {};
    for (const [name, output] of Object.entries(outputs)) {
      if (!name.startsWith('present')) continue;
      const pastName = name.replace('present', 'past_key_values');
      // After the first step the merged graph returns empty tensors for what the encoder determines.
      past[pastName] = (name.includes('encoder') && state.past?.[pastName]) || output;
    }
    state.past = past;
    const logits = outputs.logits.to('float32').data as Float32Array;
    return logits;
  }

  /** Row r continues what was row parents[r]. What the encoder determines is the same in all rows. */
  reorder(state: DocumentState, parents: Int32Array): void {
    if (!state.past || parents.every((parent, row) => parent === row)) return;
    for (const [name, tensor] of Object.entries(state.past)) {
      if (name.includes('encoder')) continue;
      const data = tensor.data as Float32Array;
      const rowSize = data.length / parents.length;
      const moved = new (data.constructor as Float32ArrayConstructor)(data.length);
      parents.forEach((parent, row) => {
        moved.set(data.subarray(parent * rowSize, (parent + 1) * rowSize), row * rowSize);
      });
      state.past[name] = new this.Tensor(tensor.type, moved, tensor.dims);
    }
  }

  async close(): Promise<void> {
    await this.model.dispose();
  }

  private ids(ids: Int32Array, rows: number): TensorClass {
    return new this.Tensor('int64', BigInt64Array.from(ids, BigInt), [rows, ids.length / rows]);
  }

  private ones(rows: number, length: number): TensorClass {
    return new this.Tensor('int64', new BigInt64Array(rows * length).fill(1n), [rows, length]);
  }

  private repeat(tensor: TensorClass, rows: number): TensorClass {
    if (rows === 1) return tensor;
    const data = tensor.data as Float32Array;
    const all = new (data.constructor as Float32ArrayConstructor)(data.length * rows);
    for (let row = 0; row < rows; row++) all.set(data, row * data.length);
    return new this.Tensor(tensor.type, all, [rows, ...tensor.dims.slice(1)]);
  }
}
