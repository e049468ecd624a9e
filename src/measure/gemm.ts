/** The rate of bare matrix products on one core, through onnxruntime as the engine uses it: a child process of roofline.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraphSession, tensor } from '../engine/session.js';
import { GraphBuilder } from '../graph/builder.js';
import { answerParent } from './child.js';

/** Products of [rows, inputs] by [inputs, outputs]. */
export interface GemmShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

export interface GemmInput extends GemmShape {
  readonly int8: boolean;
  readonly milliseconds: number;
}

/** Products in a run. Each has its own matrix, as layers do, and their results stay inside: only one row of each comes out. */
const PRODUCTS = 6;
const WARM_UP_MS = 500;

function buildGraph({ int8, rows, inputs, outputs }: GemmInput): Uint8Array {
  const graph = new GraphBuilder('gemm', '');
  const a = graph.input('a', int8 ? 'uint8' : 'float32', [rows, inputs]);
  const shape = [inputs, outputs] as const;
  const firstRows = Array.from({ length: PRODUCTS }, (_, i) => {
    const result = int8 ? int8Product(graph, a, i, shape) : graph.op('MatMul', [a, floatMatrix(graph, i, shape)]);
    return graph.op('Slice', [result, graph.ints([0]), graph.ints([1]), graph.ints([0])]);
  });
  graph.output(graph.op('Concat', firstRows, { axis: { int: 0 } }, 'y'), 'float32', [PRODUCTS, outputs]);
  return graph.encode('bench');
}

function int8Product(
  graph: GraphBuilder,
  a: string,
  seed: number,
  [inputs, outputs]: readonly [number, number],
): string {
  const values = Int8Array.from({ length: inputs * outputs }, (_, i) => ((i * 31 + seed * 17) % 255) - 127);
  const matrix = graph.constant('int8', [inputs, outputs], values);
  const scales = graph.constant('float32', [outputs], new Float32Array(outputs).fill(1));
  const zeroPoint = graph.constant('uint8', [], Uint8Array.of(128));
  return graph.msOp('MatMulIntegerToFloat', [a, matrix, graph.float(1), scales, zeroPoint]);
}

function floatMatrix(graph: GraphBuilder, seed: number, [inputs, outputs]: readonly [number, number]): string {
  const values = Float32Array.from({ length: inputs * outputs }, (_, i) => (((i * 31 + seed * 17) % 255) - 127) / 128);
  return graph.constant('float32', [inputs, outputs], values);
}

async function openGraph(input: GemmInput): Promise<GraphSession> {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-gemm-'));
  try {
    const file = path.join(folder, 'gemm.onnx');
    writeFileSync(file, buildGraph(input));
    return await GraphSession.open(file, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(input: GemmInput): Promise<number> {
  const { int8, rows, inputs, outputs } = input;
  const session = await openGraph(input);
  const values = Uint8Array.from({ length: rows * inputs }, (_, i) => (i * 7) % 256);
  const a = int8
    ? tensor('uint8', values, [rows, inputs])
    : tensor(
        'float32',
        Float32Array.from(values, (value) => value / 256),
        [rows, inputs],
      );
  const runFor = async (milliseconds: number): Promise<number> => {
    const start = performance.now();
    let runs = 0;
    for (; performance.now() - start < milliseconds; runs++) await session.run({ a }, { y: null });
    return (2 * rows * inputs * outputs * PRODUCTS * runs * 1000) / (performance.now() - start);
  };
  await runFor(WARM_UP_MS);
  return await runFor(input.milliseconds);
}

answerParent(measure);
