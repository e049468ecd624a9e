import './noTelemetry.js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PrecisError } from '../errors.js';

/** Arrays that cross into onnxruntime, by element type. Views are passed as they are, without a copy. */
export type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
export type TensorType = 'float32' | 'int8' | 'uint8' | 'int32' | 'int64';

export type Feeds = Record<string, Tensor>;

export function tensor(type: TensorType, data: TensorData, dims: readonly number[]): Tensor {
  return new Tensor(type, data, dims);
}

/** One graph, opened once a process: onnxruntime does not give all memory back when a session is released. */
export class GraphSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly path: string,
  ) {}

  static async open(path: string, threads: number): Promise<GraphSession> {
    try {
      const session = await InferenceSession.create(path, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      return new GraphSession(session, path);
    } catch (cause) {
      throw new PrecisError('model', {
        found: `${path}: onnxruntime does not open this graph (${String((cause as Error).message).split('\n')[0]})`,
        expected: 'a graph that precis wrote',
        action: 'remove its folder and convert the model again',
        cause,
      });
    }
  }

  /** Blocks the thread until the graph has run. `outputs` names what is wanted; a tensor there is written in place. */
  async run(feeds: Feeds, outputs: Record<string, Tensor | null>): Promise<Record<string, Tensor>> {
    try {
      return (await this.session.run(feeds, outputs)) as Record<string, Tensor>;
    } catch (cause) {
      throw new PrecisError('engine', {
        found: `${this.path}: onnxruntime failed to run the graph (${String((cause as Error).message).split('\n')[0]})`,
        cause,
      });
    }
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
