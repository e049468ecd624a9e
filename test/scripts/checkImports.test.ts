import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/check-imports.mjs');
const trees: string[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

function check(files: Record<string, string>): { status: number | null; lines: string[] } {
  const root = mkdtempSync(path.join(tmpdir(), 'precis-imports-'));
  trees.push(root);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, 'src', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
  return { status, lines: stderr.split('\n').filter(Boolean) };
}

describe('the import rule', () => {
  it('holds in this checkout', () => {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('allows lower ranks and the folder itself', () => {
    const { status, lines } = check({
      'errors.ts': '',
      'text/a.ts': "import { b } from './b.js';\nimport { E } from '../errors.js';",
      'text/b.ts': '',
      'engine/session.ts': "import { InferenceSession } from 'onnxruntime-node';\nimport '../text/a.js';",
      'engine/comment.ts': "// import x from '../cli/main.js'\n/* from 'piscina' */",
    });
    expect({ status, lines }).toEqual({ status: 0, lines: [] });
  });

  it.each([
    [
      'a higher rank',
      "import { x } from '../cli/main.js';",
      'src/text/a.ts (text, rank 2) imports cli/main.ts (cli, rank 11)',
    ],
    [
      'the same rank',
      "export * from '../graph/g.js';",
      'src/text/a.ts (text, rank 2) imports graph/g.ts (graph, rank 2)',
    ],
    ['a type of a higher rank', "import type { X } from '../cli/main.js';", 'imports cli/main.ts'],
    ['a higher rank when run', "const m = await import('../cli/main.js');", 'imports cli/main.ts'],
    ['the native runtime', "import * as ort from 'onnxruntime-node';", 'src/text/a.ts imports onnxruntime-node'],
    ['a part of a kept package', "import x from 'piscina/dist/x.js';", 'src/text/a.ts imports piscina'],
    ['a missing file', "import x from './gone.js';", 'src/text/a.ts imports ./gone.js, which is not there'],
  ])('refuses %s', (_name, text, message) => {
    const { status, lines } = check({ 'text/a.ts': text, 'cli/main.ts': '', 'graph/g.ts': '' });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  it('refuses a cycle within a folder and a folder without a rank', () => {
    const { status, lines } = check({
      'text/a.ts': "import './b.js';",
      'text/b.ts': "import './c.js';",
      'text/c.ts': "import './a.js';",
      'misc/x.ts': '',
    });
    expect(status).toBe(1);
    expect(lines.some((line) => line.includes('src/misc has no rank'))).toBe(true);
    expect(
      lines.some((line) => line.includes('a cycle: src/text/a.ts -> src/text/b.ts -> src/text/c.ts -> src/text/a.ts')),
    ).toBe(true);
  });
});
