/**
 * The URL of a compiled file of ours, `./name.js` beside the caller (its import.meta.url): what a thread or a process starts from. A test runner
 * loads the TypeScript sources themselves, which Node cannot start; there it is the file that was built from the source.
 */
export function compiledModule(name: string, from: string): URL {
  const url = new URL(name, from);
  if (!from.endsWith('.ts')) return url;
  const at = url.pathname.lastIndexOf('/src/');
  url.pathname = `${url.pathname.slice(0, at)}/dist${url.pathname.slice(at)}`;
  return url;
}
