import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { readProblem } from '../files/problems.js';

/** Hidden files, markers such as _SUCCESS, and what a writer or an editor has not finished. */
const NOT_DATA = /^[._]|~$|\.(tmp|temp|crc|part|partial|swp)$/i;

/** The data files that lie in a folder, sorted by the bytes of their names. Folders within it are refused: nobody knows what they mean. */
export function listDataFiles(folder: string): string[] {
  const entries = entriesOf(folder).filter(({ name }) => !NOT_DATA.test(name));
  const inner = entries.find((entry) => entry.folder);
  if (inner) {
    throw new PrecisError('table', {
      found: `${folder} holds the folder ${inner.name}`,
      expected: 'a folder of data files only',
      action: `name the files of all levels by a pattern, such as '${path.join(folder, '**', '*.parquet')}'`,
    });
  }
  if (entries.length === 0) {
    throw new PrecisError('table', { found: `${folder} holds no data file`, expected: 'at least one' });
  }
  return sorted(entries.map(({ name }) => path.join(folder, name)));
}

/** Whether a location is a pattern. A path that exists is taken as it stands, whatever characters it has: ask for that first. */
export function isGlob(location: string): boolean {
  return /[*?[\]{}]/.test(location);
}

/**
 * The files that a pattern names, sorted by the bytes of their paths. `*` and `?` stay within a name, `[a-c]` and `[!a-c]` are one character, `{a,b}` is
 * either, `**` is any number of folders. Hidden names are found only by a pattern that begins with a dot, unfinished files never.
 */
export function expandGlob(pattern: string): string[] {
  const found = new Set<string>();
  for (const plain of alternatives(pattern)) {
    const absolute = path.isAbsolute(plain);
    const segments = plain.split('/').filter((segment) => segment !== '' && segment !== '.');
    walk(absolute ? '/' : '', segments, found);
  }
  if (found.size === 0) {
    throw new PrecisError('table', {
      found: `no file matches ${pattern}`,
      expected: 'at least one',
      action: 'look at the pattern (quoted, so that the shell leaves it alone) and at the folder it starts from',
    });
  }
  return sorted([...found]);
}

export function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function walk(folder: string, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  if (segment === '**') {
    walk(folder, rest.length > 0 ? rest : ['*'], found);
    for (const entry of childrenOf(folder)) {
      if (entry.folder && !entry.link && !NOT_DATA.test(entry.name)) {
        walk(path.join(folder, entry.name), segments, found);
      }
    }
    return;
  }
  const named = segment === '..' ? [{ name: '..', folder: true }] : childrenOf(folder).filter(matcher(segment));
  for (const entry of named) {
    const full = folder === '' ? entry.name : path.join(folder, entry.name);
    if (rest.length > 0 && entry.folder) walk(full, rest, found);
    else if (rest.length === 0 && !entry.folder) found.add(full);
  }
}

function matcher(segment: string): (entry: Entry) => boolean {
  const expression = new RegExp(`^${segmentExpression(segment)}$`, 'u');
  const hidden = segment.startsWith('.');
  const literal = !isGlob(segment);
  return ({ name, folder }) => {
    if (!literal && !hidden && name.startsWith('.')) return false;
    if (!literal && !folder && NOT_DATA.test(name) && !/^[._]/.test(segment)) return false;
    return expression.test(name);
  };
}

function segmentExpression(segment: string): string {
  return segment.replace(/\[(!?)([^\]]+)\]|\*+|\?|[\\^$.|+()[\]{}]/g, (token, not: string, set: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\[\]^&~|]/g, '\\$&')}]`;
    if (token.startsWith('*')) return '[^]*';
    return token === '?' ? '[^]' : `\\${token}`;
  });
}

/** `a{b,c{d,e}}f` without braces: abf, acdf, acef. Braces without a comma or without an end are names as they stand. */
function alternatives(pattern: string): string[] {
  const inner = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!inner) return [pattern];
  const [before, after] = [pattern.slice(0, inner.index), pattern.slice(inner.index + inner[0].length)];
  return inner[1].split(',').flatMap((choice) => alternatives(before + choice + after));
}

interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly link?: boolean;
}

/** A folder that is not there or may not be read holds nothing that a pattern could match. */
function childrenOf(folder: string): Entry[] {
  try {
    return entriesOf(folder === '' ? '.' : folder);
  } catch {
    return [];
  }
}

function entriesOf(folder: string): Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => {
      if (!entry.isSymbolicLink()) return { name: entry.name, folder: entry.isDirectory() };
      const target = statSync(path.join(folder, entry.name), { throwIfNoEntry: false });
      return { name: entry.name, folder: target?.isDirectory() ?? false, link: true };
    });
  } catch (error) {
    throw readProblem(error, folder, 'table');
  }
}
