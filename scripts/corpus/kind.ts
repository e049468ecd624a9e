import { type Draw, draws } from './draws.js';
import type { Rng } from './rng.js';

/** What a document of a genre can be about. The templates are those of grammar.ts. */
export interface Kind {
  readonly name: string;
  readonly slots: (make: Maker) => void;
  /** What the summary tells. Their places in the text are drawn, except where one says otherwise. */
  readonly facts: readonly Fact[];
  /** Of 12 to 45 words: each joins what stands apart in the text. */
  readonly summaries: readonly string[];
  readonly titles: readonly string[];
  /** The slots that `extract:` may ask for, by the field's name. */
  readonly fields: Readonly<Record<string, string>>;
  /** The answers of `classify:`, by what is asked. A slot's name in braces stands for its value. */
  readonly labels: Readonly<Record<string, string>>;
}

export type Fact =
  | string
  /** A fact with a fixed place. */
  | { readonly first: string }
  | { readonly last: string }
  /** Said wrongly first (in the slot `NAMEWrong`) and put right further down, or, in other documents, said once. */
  | { readonly plain: string; readonly wrong: string; readonly right: string };

export interface Genre {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** Lines above the text that many documents have; one is chosen. */
  readonly heads: readonly string[];
  /** Sentences that no summary needs. */
  readonly asides: readonly string[];
  /** How the text is laid out. */
  readonly layouts: readonly Layout[];
}

export type Layout = 'prose' | 'log' | 'bullets' | 'numbered';

/** Fills a document's slots. */
export class Maker {
  readonly slots: Record<string, string> = {};

  constructor(readonly rng: Rng) {}

  /** A made-up value, as in `<count 3 9>`. */
  draw(name: string, call: string): void {
    this.slots[name] = this.value(call);
  }

  /** Several at once: `{ name: 'person', sum: 'money 40 900' }`. */
  all(calls: Readonly<Record<string, string>>): void {
    for (const [name, call] of Object.entries(calls)) this.draw(name, call);
  }

  /** One of a list. */
  one(name: string, values: string): void {
    this.slots[name] = this.rng.pick(values.split('|'));
  }

  /** A value and another of its kind that the text takes back: `NAME` and `NAMEWrong`. */
  corrected(name: string, call: string): void {
    this.draw(name, call);
    do this.slots[`${name}Wrong`] = this.value(call);
    while (this.slots[`${name}Wrong`] === this.slots[name]);
  }

  private value(call: string): string {
    const [name, ...numbers] = call.split(' ');
    const draw: Draw | undefined = draws[name];
    if (!draw) throw new Error(`no draw ${name}`);
    return draw(this.rng, ...numbers.map(Number));
  }
}
