import { existsSync } from 'node:fs';
import path from 'node:path';
import { warehousePath } from '../../table/warehouse.js';
import type { SpecNode } from './node.js';
import { type Shape, text } from './shapes.js';

/** A file or folder: relative ones begin at the spec's folder, those of a command line where it was typed. */
export const filePath: Shape<string> = located(text, (location, folder) => path.resolve(folder, location));

/** A table: `-` and names of the warehouse are no paths, unless something of that name is there. */
export const tablePath: Shape<string> = located(text, (location, folder) => {
  if (location === '-') return location;
  const full = path.resolve(folder, location);
  return warehousePath(location) !== null && !existsSync(full) ? location : full;
});

/** A model: a URI (`builtin:lead-3`, `models:/a.b.c/3`) or a name of the hub stays as it is, a folder that is there becomes a path. */
export const modelUri: Shape<string> = located(text, (uri, folder) => {
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) return uri;
  const full = path.resolve(folder, uri);
  return path.isAbsolute(uri) || /^\.\.?(\/|$)/.test(uri) || existsSync(full) ? full : uri;
});

/** A module of the user: a file, or a URL. */
export const modulePath: Shape<string> = located(text, (location, folder) =>
  /^(file|data|node):/.test(location) ? location : path.resolve(folder, location),
);

function located(shape: Shape<string>, resolve: (location: string, folder: string) => string): Shape<string> {
  return {
    ...shape,
    read(node: SpecNode, problems) {
      const location = shape.read(node, problems);
      return location === undefined ? undefined : resolve(location, node.folder);
    },
  };
}
