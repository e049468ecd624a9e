import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { nodeOf, type SpecNode } from './node.js';
import type { Problems } from './problems.js';
import { isSavedName, requireSaved } from './saved.js';
import { parseNodes } from './yamlNodes.js';

const TEXTS = /\.(ya?ml|json)$/i;
const MODULES = /\.[cm]?js$/i;
const TYPESCRIPT = /\.[cm]?ts$/i;
/** Far longer than any spec. */
const MOST_BYTES = 8 << 20;

export interface FoundSpec {
  /** As messages name it. */
  readonly label: string;
  readonly folder: string;
  /** Of the job, unless it says its own. */
  readonly name: string | null;
  /** Whether `${NAME}` stands for a variable: a program has them without that. */
  readonly hasVariables: boolean;
  read(problems: Problems): Promise<SpecNode>;
}

/** What a location names: `-`, a file that is there, or a spec that was saved. */
export function findSpec(location: string, stdin: NodeJS.ReadableStream = process.stdin): FoundSpec {
  if (location === '-') {
    const folder = process.cwd();
    const read = async (problems: Problems) =>
      parseNodes(decoded(await allOf(stdin), 'stdin'), 'stdin', folder, problems);
    return { label: 'stdin', folder, name: null, hasVariables: true, read };
  }
  if (!fs.existsSync(location) && isSavedName(location)) return fileSpec(requireSaved(location), location);
  return fileSpec(location, path.basename(location, path.extname(location)));
}

function fileSpec(file: string, name: string): FoundSpec {
  const folder = path.dirname(path.resolve(file));
  const found = { label: file, folder, name, hasVariables: TEXTS.test(file) };
  if (TEXTS.test(file)) {
    return { ...found, read: async (problems) => parseNodes(decoded(bytesOf(file), file), file, folder, problems) };
  }
  if (!MODULES.test(file) && !TYPESCRIPT.test(file)) {
    throw new PrecisError('usage', {
      found: `${file} as a job`,
      expected: 'a .yaml, .yml, .json, .js, .mjs or .ts file, - for stdin, or the name of a saved job',
    });
  }
  return { ...found, read: async () => nodeOf(await importSpec(file), { place: file, folder }) };
}

/** What a module exports by default: a spec, a promise of one, or a function that gives one. */
async function importSpec(file: string): Promise<unknown> {
  // Not in the types of Node 20, which has no such thing.
  const { typescript } = process.features as { readonly typescript?: string | false };
  if (TYPESCRIPT.test(file) && !typescript) {
    throw new PrecisError('usage', {
      found: `${file} is TypeScript, which Node ${process.versions.node} cannot read`,
      expected: 'Node 22.18 or later',
      action: 'compile it, or write the job as .js or .yaml',
    });
  }
  bytesOf(file);
  let exported: unknown;
  try {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    exported = typeof module.default === 'function' ? await (module.default as () => unknown)() : await module.default;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PrecisError('usage', {
      found: `${file} failed: ${message.split('\n')[0]}`,
      expected: 'a module that exports a job',
      cause,
    });
  }
  if (exported !== undefined) return exported;
  throw new PrecisError('usage', {
    found: `${file} has no default export`,
    expected: 'export default defineJob({ ... })',
  });
}

function bytesOf(file: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readProblem(error, file, 'usage');
    throw new PrecisError('usage', {
      found: `${file} is not there`,
      expected: 'a job: a .yaml, .json, .js or .ts file',
    });
  }
  return bytes;
}

function decoded(bytes: Uint8Array, label: string): string {
  if (bytes.length > MOST_BYTES) {
    throw new PrecisError('usage', {
      found: `${label} has ${bytes.length} bytes`,
      expected: `a job of at most ${MOST_BYTES}`,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PrecisError('usage', { found: `${label} is no text in UTF-8`, expected: 'YAML or JSON in UTF-8', cause });
  }
}

async function allOf(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
