import { existsSync } from 'node:fs';
import path from 'node:path';

/** This package's own folder, found from wherever this file was built to: a clone's dist, its sources in a test, node_modules. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}
