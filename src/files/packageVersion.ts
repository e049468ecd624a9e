import fs from 'node:fs';
import path from 'node:path';

/** The version in this package's package.json, found from wherever this file was built to. */
export function packageVersion(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}
