// The import rule: a folder of src imports only itself or a lower rank, files never import in a cycle,
// and native packages are imported only where the design says.
//   node scripts/check-imports.mjs [ROOT]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const RANKS = {
  // Errors stand below everything, files included.
  'errors.ts': -1,
  files: 0,
  chart: 0,
  table: 1,
  checkpoint: 1,
  device: 1,
  text: 2,
  graph: 2,
  engine: 3,
  registry: 4,
  pool: 5,
  predict: 6,
  evaluate: 7,
  measure: 7,
  jobs: 8,
  sql: 9,
  serve: 10,
  cli: 11,
  'index.ts': 11,
};
const ONLY_IN = {
  'onnxruntime-node': [/^engine\/session\.ts$/],
  '@huggingface/transformers': [/^engine\/generic\//, /^text\//],
  '@huggingface/tokenizers': [/^text\//],
  piscina: [/^pool\//],
  'parquet-wasm': [/^table\//],
};

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
const src = path.join(root, 'src');
const problems = [];
const graph = new Map();

for (const file of sourceFiles()) {
  const imports = importsOf(file);
  graph.set(
    file,
    imports.filter((name) => name.startsWith('.')).map((name) => resolve(file, name)),
  );
  checkRanks(file);
  checkPackages(
    file,
    imports.filter((name) => !name.startsWith('.')),
  );
}
checkCycles();

for (const problem of problems) console.error(`check-imports: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function sourceFiles() {
  return readdirSync(src, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

function importsOf(file) {
  const text = readFileSync(path.join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = text.matchAll(
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\([^)]*\))?\s*\(\s*)['"]([^'"\n]+)['"]/g,
  );
  return [...statements].map((match) => match[1]);
}

function resolve(file, name) {
  const target = path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '.ts');
  if (!existsSync(path.join(src, target))) problems.push(`src/${file} imports ${name}, which is not there`);
  return target;
}

function folderOf(file) {
  return file.split('/')[0];
}

function checkRanks(file) {
  const from = folderOf(file);
  if (!(from in RANKS)) {
    problems.push(`src/${from} has no rank; give it one in scripts/check-imports.mjs and in the design`);
    return;
  }
  for (const target of graph.get(file)) {
    const to = folderOf(target);
    if (to === from || RANKS[to] < RANKS[from]) continue;
    problems.push(`src/${file} (${from}, rank ${RANKS[from]}) imports ${target} (${to}, rank ${RANKS[to] ?? 'none'})`);
  }
}

function checkPackages(file, names) {
  for (const [name, places] of Object.entries(ONLY_IN)) {
    const isImported = names.some((imported) => imported === name || imported.startsWith(`${name}/`));
    if (isImported && !places.some((place) => place.test(file)))
      problems.push(`src/${file} imports ${name}, which is kept to ${places.join(', ')}`);
  }
}

/** Depth first; a file met again on the way down closes a cycle. Types count too: a cycle of types is a cycle of thought. */
function checkCycles() {
  const finished = new Set();
  const way = [];
  const visit = (file) => {
    const at = way.indexOf(file);
    if (at >= 0) problems.push(`a cycle: ${[...way.slice(at), file].map((name) => `src/${name}`).join(' -> ')}`);
    if (at >= 0 || finished.has(file)) return;
    way.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    way.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file);
}
