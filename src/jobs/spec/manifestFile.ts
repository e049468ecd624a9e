import fs from 'node:fs';
import path from 'node:path';
import { entriesOf, type SpecNode } from './node.js';
import { placeOf } from './placeOf.js';
import type { Problems } from './problems.js';
import { manifestFiles } from './rules.js';
import { parseNodes } from './yamlNodes.js';

/** Puts the list of a manifest file where the form names the file. */
export function readManifest(form: Record<string, unknown>, root: SpecNode, problems: Problems): void {
  const source = form.source as Record<string, unknown> | undefined;
  const named = source?.manifest as { readonly file: string } | unknown[] | undefined;
  if (named === undefined || Array.isArray(named)) return;
  const { file } = named as { readonly file: string };
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.add(
      placeOf(root, 'source.manifest'),
      `the manifest ${file} cannot be read (${code})`,
      'a YAML or JSON file',
    );
    return;
  }
  const node = parseNodes(text, file, path.dirname(file), problems);
  // The list itself, or `files:` with the list.
  const list = entriesOf(node)?.get('files')?.node ?? node;
  source!.manifest = manifestFiles.read(list, problems);
}
