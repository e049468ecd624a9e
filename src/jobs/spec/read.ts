import path from 'node:path';
import { PrecisError } from '../../errors.js';
import type { JobSpec } from '../types.js';
import { buildSpec } from './build.js';
import type { JobForm } from './form.js';
import { findSpec } from './location.js';
import { readManifest } from './manifestFile.js';
import { entriesOf, nodeOf, plainOf, type SpecEntry, type SpecNode } from './node.js';
import { applyOverrides, type Overrides } from './overrides.js';
import { Problems } from './problems.js';
import { JOB_FIELDS, JOB_HINTS } from './rules.js';
import { savedFile, writeSaved } from './saved.js';
import { readFields } from './shapes.js';
import { type Environment, replaceVariables } from './variables.js';

export interface ReadSpecOptions {
  readonly overrides?: Overrides;
  /** What `${NAME}` is looked up in; the process' own by default. */
  readonly environment?: Environment;
  /** What the location `-` is read from; standard input by default. */
  readonly stdin?: NodeJS.ReadableStream;
}

/** Read by the shell, which has the same variables and more. */
const LEFT_TO_THE_SHELL = ['onFailure'];

/**
 * The job that a location names: a .yaml, .yml or .json file, a module (.ts, .js, .mjs) whose default export is a job, `-` for stdin, or the name of
 * a saved job. Everything that is wrong with it is told in one error.
 */
export async function readSpec(location: string, options: ReadSpecOptions = {}): Promise<JobSpec> {
  return (await readBoth(location, options)).spec;
}

/** The same for a job that a program wrote. Relative paths begin at `folder`, by default the current one. */
export function checkSpec(form: JobForm, { folder = process.cwd(), label = 'the job' } = {}): JobSpec {
  return completed(nodeOf(form, { place: label, folder: path.resolve(folder) }), null, {}, new Problems(label));
}

/** Saves a job by a name, as it was written: variables stay variables, relative paths begin where they did. Returns the file. */
export async function saveSpec(name: string, location: string, options: ReadSpecOptions = {}): Promise<string> {
  savedFile(name);
  const { written, folder } = await readBoth(location, options);
  const form = plainOf(written) as JobForm;
  return writeSaved(name, { ...form, folder: path.resolve(folder, form.folder ?? '.') });
}

async function readBoth(location: string, { overrides, environment = process.env, stdin }: ReadSpecOptions) {
  const { label, folder, name, hasVariables, read } = findSpec(location, stdin);
  const problems = new Problems(label);
  const written = await read(problems);
  problems.throwIfAny();
  const replaced = hasVariables ? replaceVariables(written, environment, problems, LEFT_TO_THE_SHELL) : written;
  const spec = completed(replaced, name, overrides ?? {}, problems);
  if (location !== '-' || spec.source.path !== '-') return { spec, written, folder };
  throw new PrecisError('usage', {
    found: 'the job and its source are both read from stdin',
    expected: 'a file for one of them',
  });
}

function completed(written: SpecNode, name: string | null, overrides: Overrides, problems: Problems): JobSpec {
  const root = applyOverrides(rooted(written, problems), overrides, process.cwd(), problems);
  const entries = entriesOf(root);
  if (entries === null) {
    problems.add(
      root.place,
      root.value === null ? 'the spec is empty' : 'the spec is no map',
      'source, output and so on',
    );
    problems.throwIfAny();
  }
  const form = readFields(entries!, root, JOB_FIELDS, JOB_HINTS, problems);
  readManifest(form, root, problems);
  const spec = buildSpec({ ...form, source: form.source ?? {} }, root, name, problems);
  problems.throwIfAny();
  return spec;
}

/** With `folder`, relative paths begin there. */
function rooted(root: SpecNode, problems: Problems): SpecNode {
  const named = entriesOf(root)?.get('folder')?.node;
  if (named === undefined || named.value === null) return root;
  if (typeof named.value !== 'string') {
    problems.wrong(named, 'a folder');
    return root;
  }
  return inFolder(root, path.resolve(named.folder, named.value));
}

function inFolder(node: SpecNode, folder: string): SpecNode {
  const { value } = node;
  if (Array.isArray(value)) return { ...node, folder, value: value.map((item) => inFolder(item, folder)) };
  if (!(value instanceof Map)) return { ...node, folder };
  const entries = [...value].map(([name, entry]): [string, SpecEntry] => [
    name,
    { ...entry, node: inFolder(entry.node, folder) },
  ]);
  return { ...node, folder, value: new Map(entries) };
}
