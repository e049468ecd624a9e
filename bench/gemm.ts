/**
 * The rate of bare matrix products on one core, through onnxruntime as the engine uses it: node dist/bench/gemm.js int8|fp32
 * prints {"opsPerSecond": N}. The benchmark runs one such process a core, side by side, for the roofline.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraphSession, tensor } from '../src/engine/session.js';
import { GraphBuilder } from '../src/graph/builder.js';

/** The encoder's largest products: the rows of a document by the feed-forward matrix. */
const ROWS = 432;
const INPUTS = 512;
const OUTPUTS = 2048;
/** Products in a run. Each has its own matrix, as layers do, and their results stay inside: only one row of each comes out. */
const PRODUCTS = 6;
const WARM_UP_MS = 500;
const MEASURED_MS = 3000;

function buildGraph(int8: boolean): Uint8Array {
  const graph = new GraphBuilder('gemm', '');
  const a = graph.input('a', int8 ? 'uint8' : 'float32', [ROWS, INPUTS]);
  const firstRows = Array.from({ length: PRODUCTS }, (_, i) => {
    const result = int8 ? int8Product(graph, a, i) : graph.op('MatMul', [a, floatMatrix(graph, i)]);
    return graph.op('Slice', [result, graph.ints([0]), graph.ints([1]), graph.ints([0])]);
  });
  graph.output(graph.op('Concat', firstRows, { axis: { int: 0 } }, 'y'), 'float32', [PRODUCTS, OUTPUTS]);
  return graph.encode('bench');
}

function int8Product(graph: GraphBuilder, a: string, seed: number): string {
  const values = Int8Array.from({ length: INPUTS * OUTPUTS }, (_, i) => ((i * 31 + seed * 17) % 255) - 127);
  const matrix = graph.constant('int8', [INPUTS, OUTPUTS], values);
  const scales = graph.constant('float32', [OUTPUTS], new Float32Array(OUTPUTS).fill(1));
  const zeroPoint = graph.constant('uint8', [], Uint8Array.of(128));
  return graph.msOp('MatMulIntegerToFloat', [a, matrix, graph.float(1), scales, zeroPoint]);
}

function floatMatrix(graph: GraphBuilder, seed: number): string {
  const values = Float32Array.from({ length: INPUTS * OUTPUTS }, (_, i) => (((i * 31 + seed * 17) % 255) - 127) / 128);
  return graph.constant('float32', [INPUTS, OUTPUTS], values);
}

async function main(): Promise<void> {
  const int8 = process.argv[2] === 'int8';
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-gemm-'));
  try {
    const file = path.join(folder, 'gemm.onnx');
    writeFileSync(file, buildGraph(int8));
    const session = await GraphSession.open(file, 1);
    const count = ROWS * INPUTS;
    const a = int8
      ? tensor(
          'uint8',
          Uint8Array.from({ length: count }, (_, i) => (i * 7) % 256),
          [ROWS, INPUTS],
        )
      : tensor(
          'float32',
          Float32Array.from({ length: count }, (_, i) => ((i * 7) % 256) / 256),
          [ROWS, INPUTS],
        );
    const runFor = async (milliseconds: number): Promise<number> => {
      const start = performance.now();
      let runs = 0;
      for (; performance.now() - start < milliseconds; runs++) await session.run({ a }, { y: null });
      return (2 * ROWS * INPUTS * OUTPUTS * PRODUCTS * runs * 1000) / (performance.now() - start);
    };
    await runFor(WARM_UP_MS);
    const opsPerSecond = await runFor(MEASURED_MS);
    process.stdout.write(`${JSON.stringify({ opsPerSecond })}\n`);
    await session.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
