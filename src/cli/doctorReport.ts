import { readFileSync } from 'node:fs';
import os from 'node:os';
import { readCpuFeatures, readProcessor } from '../device/cpu.js';
import { readCudaChain } from '../device/cudaChain.js';
import { int8Meaning } from '../device/int8.js';
import { freeDiskBytes, readHugePages, readMemory } from '../device/memory.js';
import { lookAtShipped, SHIPPED_MODEL } from '../engine/builtin/shippedModel.js';
import { probeRuntime } from '../engine/runtimeProbe.js';
import { HOME_FORMAT, homePath, homeProblem } from '../files/home.js';
import { choosePrecision } from '../graph/kernels.js';
import { parquetProblem } from '../table/parquet/parquetProbe.js';

/** What `precis doctor --json` prints. Sizes are bytes. */
export type DoctorReport = Awaited<ReturnType<typeof examine>>;

/** `problems` are what keeps models from running on the CPU; everything else is told as it is, also that the built-in one is missing. */
export async function examine() {
  const node = nodeVersion();
  const processor = readProcessor();
  const home = { path: homePath(), format: HOME_FORMAT, problem: homeProblem() };
  const [runtime, parquet] = await Promise.all([probeRuntime(), parquetProblem()]);
  const { bindingFolder } = runtime;
  const shipped = lookAtShipped();
  const cuda = readCudaChain({ bindingFolder, libraryPath: process.env.LD_LIBRARY_PATH });
  const problems = [
    ...(node.ok ? [] : [`Node is ${node.version}, expected ${node.range}; install a newer Node`]),
    ...(home.problem === null ? [] : [home.problem]),
    ...(runtime.problem === null ? [] : [`onnxruntime does not run: ${runtime.problem}; run npm ci again`]),
    ...(parquet === null ? [] : [`Parquet cannot be read or written: ${parquet}; run npm ci again`]),
  ];
  return {
    ok: problems.length === 0,
    problems,
    node,
    processor: { ...processor, model: processor.model ?? os.cpus()[0]?.model ?? null, architecture: process.arch },
    cores: { usable: os.availableParallelism(), machine: os.cpus().length },
    precision: { auto: choosePrecision('auto'), int8: int8Meaning(readCpuFeatures()) },
    memory: memory(),
    huge_pages: readHugePages(),
    disk: [
      { use: 'PRECIS_HOME', path: home.path, free_bytes: freeDiskBytes(home.path) },
      { use: 'temporary files', path: os.tmpdir(), free_bytes: freeDiskBytes(os.tmpdir()) },
    ],
    home,
    onnxruntime: { version: runtime.version, folder: bindingFolder, problem: runtime.problem },
    parquet: { problem: parquet },
    built_in_model: { uri: SHIPPED_MODEL, path: shipped.dir, bytes: shipped.bytes, problem: shipped.problem },
    cuda,
    terminal: {
      stdout: process.stdout.isTTY === true,
      stderr: process.stderr.isTTY === true,
      locale: process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || null,
    },
    system: `${os.type()} ${os.release()}`,
  };
}

function memory() {
  const { totalBytes, availableBytes, limitBytes } = readMemory();
  return { total_bytes: totalBytes, available_bytes: availableBytes, limit_bytes: limitBytes };
}

function nodeVersion(): { version: string; range: string; ok: boolean } {
  const file = new URL('../../../package.json', import.meta.url);
  const range = (JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } }).engines.node;
  const { node: version } = process.versions;
  const numbers = (text: string) => text.replace(/^>=/, '').split('.').map(Number);
  const [wanted, found] = [numbers(range), numbers(version)];
  const ok = found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= (wanted[1] ?? 0));
  return { version, range, ok };
}
