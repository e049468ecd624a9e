import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { entriesOf, joined, type Scalar, type SpecEntry, type SpecNode } from './node.js';
import type { Problems } from './problems.js';

/** Far more than any spec has; aliases of aliases could otherwise stand for billions. */
const MOST_NODES = 100_000;

/** YAML, or JSON, which is YAML too. What YAML itself finds wrong goes to the problems. */
export function parseNodes(text: string, label: string, folder: string, problems: Problems): SpecNode {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const reader = new Reader(document, lines, label, folder, problems);
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    problems.add(reader.placeAt(pos[0]), message.split('\n')[0]);
  }
  return reader.read(document.contents, '');
}

class Reader {
  private nodes = 0;
  /** Within which anchors we are: one that holds itself has no end. */
  private readonly within: Node[] = [];

  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    private readonly label: string,
    private readonly folder: string,
    private readonly problems: Problems,
  ) {}

  placeAt(offset: number | undefined): string {
    if (offset === undefined) return this.label;
    const { line, col } = this.lines.linePos(offset);
    return `${this.label}:${line}:${col}`;
  }

  read(node: unknown, where: string): SpecNode {
    this.nodes++;
    const place = this.placeAt((node as Node | null)?.range?.[0]);
    const base = { place, path: where, typed: null, variables: [], folder: this.folder };
    if (this.nodes > MOST_NODES) {
      if (this.nodes === MOST_NODES + 1) this.problems.add(place, `more than ${MOST_NODES} values`, 'fewer');
      return { ...base, value: null };
    }
    if (isAlias(node)) return this.readAlias(node, where, base);
    if (isSeq(node)) return { ...base, value: node.items.map((item, i) => this.read(item, joined(where, i))) };
    if (isMap(node)) return { ...base, value: this.readMap(node.items, where) };
    const value = isScalar(node) ? node.value : null;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { ...base, value: isPlain || value === null ? (value as Scalar) : String(value) };
  }

  private readAlias(node: Alias, where: string, base: Omit<SpecNode, 'value'>): SpecNode {
    const target = node.resolve(this.document);
    if (target === undefined || this.within.includes(target)) {
      // An anchor that is not there was told by the parser.
      if (target !== undefined)
        this.problems.add(base.place, `*${node.source} stands within itself`, 'an anchor that ends before it');
      return { ...base, value: null };
    }
    this.within.push(target);
    const read = this.read(target, where);
    this.within.pop();
    return read;
  }

  /** `<<` takes the entries of another map, which those that stand here win over. */
  private readMap(items: readonly Pair[], where: string): Map<string, SpecEntry> {
    const merged = new Map<string, SpecEntry>();
    const own = new Map<string, SpecEntry>();
    for (const { key, value } of items) {
      const place = this.placeAt((key as Node | null)?.range?.[0]);
      const name = isScalar(key) ? String(key.source ?? key.value) : '';
      if (name === '') {
        this.problems.add(place, `a name in ${where || 'the spec'} is no text`, 'a text');
        continue;
      }
      if (name === '<<') {
        const found = this.read(value, where);
        const maps = Array.isArray(found.value) ? (found.value as readonly SpecNode[]) : [found];
        for (const map of [...maps].reverse())
          for (const [inner, entry] of entriesOf(map) ?? []) merged.set(inner, entry);
        if (maps.some((map) => entriesOf(map) === null))
          this.problems.add(place, `<< of ${where || 'the spec'} is no map`, 'an alias of a map');
        continue;
      }
      own.set(name, { place, node: this.read(value, joined(where, name)) });
    }
    return new Map([...merged, ...own]);
  }
}
