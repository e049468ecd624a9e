import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRandom } from '../../src/engine/search/random.js';
import { GraphSession, tensor } from '../../src/engine/session.js';
import { GraphBuilder, type Value } from '../../src/graph/builder.js';
import { sharpSoftmax } from '../../src/graph/softmax.js';

const folder = mkdtempSync(join(tmpdir(), 'precis-softmax-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 40;
const COLUMNS = 150;
const SMALLEST_NORMAL = 2 ** -126;

async function run(name: string, build: (graph: GraphBuilder, scores: Value) => Value, scores: Float32Array) {
  const graph = new GraphBuilder(name, 'none.bin');
  const result = build(graph, graph.input('scores', 'float32', ['R', 'C']));
  graph.output(result, 'float32', ['R', 'C']);
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, graph.encode('test'));
  const session = await GraphSession.open(path, 1);
  const outputs = await session.run({ scores: tensor('float32', scores, [ROWS, COLUMNS]) }, { [result]: null });
  await session.close();
  return outputs[result].data as Float32Array;
}

const plain = (graph: GraphBuilder, scores: Value) => graph.op('Softmax', [scores], { axis: { int: -1 } });
const denormals = (values: Float32Array) => values.filter((value) => value > 0 && value < SMALLEST_NORMAL).length;

/** Scores that lie far apart, as those of a trained model do; 88 to 103 below the largest they become denormal, further below 0. */
function sharpScores(spread: number): Float32Array {
  const random = createRandom(1, Int32Array.of(), 0);
  return Float32Array.from({ length: ROWS * COLUMNS }, () => spread * (random() - 0.5));
}

it('has no denormal numbers, where the plain softmax has hundreds, and differs from it by nothing that counts', async () => {
  const scores = sharpScores(200);
  const expected = await run('plain', plain, scores);
  const found = await run('sharp', sharpSoftmax, scores);
  expect(denormals(expected)).toBeGreaterThan(300);
  expect(denormals(found)).toBe(0);
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-25);
});

it('is the plain softmax, bit for bit, where scores lie together', async () => {
  const scores = sharpScores(50);
  expect(await run('sharp-near', sharpSoftmax, scores)).toEqual(await run('plain-near', plain, scores));
});
