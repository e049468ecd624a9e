/** Run by runtimeProbe.ts in a process of its own: ends with 0 if onnxruntime loads and computes what it should. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraphBuilder } from '../graph/builder.js';
import { GraphSession, tensor } from './session.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-probe-'));
try {
  const graph = new GraphBuilder('probe', 'none');
  graph.input('x', 'float32', [2]);
  graph.op('Abs', ['x'], {}, 'y');
  graph.output('y', 'float32', [2]);
  const file = path.join(folder, 'probe.onnx');
  writeFileSync(file, graph.encode('0'));
  const session = await GraphSession.open(file, 1);
  const { y } = await session.run({ x: tensor('float32', Float32Array.of(-1, 2), [2]) }, { y: null });
  if (String(y.data) !== '1,2') throw new Error(`error: |-1|, |2| is ${y.data}`);
  await session.close();
} finally {
  rmSync(folder, { recursive: true });
}
