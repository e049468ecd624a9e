import { entriesOf, itemsOf, type SpecNode } from './node.js';

/** Where what stands at this path below the node is written, or the nearest above it. */
export function placeOf(node: SpecNode, path: string): string {
  let place = node.place;
  let at: SpecNode | undefined = node;
  for (const step of path.split('.')) {
    const entry: { readonly place: string; readonly node: SpecNode } | undefined = at && entriesOf(at)?.get(step);
    const item: SpecNode | undefined = at && itemsOf(at)?.[Number(step)];
    if (entry === undefined && item === undefined) break;
    place = entry?.place ?? item!.place;
    at = entry?.node ?? item;
  }
  return place;
}

/** Whether a value is written there, right or wrong: what is wrong was told already, and is not missing as well. */
export function isGiven(node: SpecNode, path: string): boolean {
  let at: SpecNode | undefined = node;
  for (const step of path.split('.')) at = at && entriesOf(at)?.get(step)?.node;
  return at !== undefined && at.value !== null;
}
