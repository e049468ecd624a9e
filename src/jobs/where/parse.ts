import { type Token, tokensOf, whereError } from './tokens.js';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Literal = string | number | bigint | boolean;

/** A condition as it was written; `at` is where, for messages. */
export type Expression =
  | { readonly kind: 'column'; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'literal'; readonly value: Literal; readonly at: number }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression; readonly at: number }
  | { readonly kind: 'not'; readonly inner: Expression; readonly at: number }
  | { readonly kind: 'isNull'; readonly inner: Expression; readonly at: number }
  | { readonly kind: 'in'; readonly inner: Expression; readonly values: readonly Literal[]; readonly at: number }
  | { readonly kind: 'like' | 'contains'; readonly inner: Expression; readonly text: string; readonly at: number };

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '!=': '<>',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const KEYWORDS = ['and', 'or', 'not', 'is', 'null', 'in', 'like', 'contains', 'between', 'true', 'false'];
/** Deeper than anyone writes; a machine's list of thousands of `or` must not end the stack. */
const MOST_DEPTH = 500;

/** `or` binds least, then `and`, `not`, and all the others; comparisons do not follow one another. */
export function parseWhere(where: string): Expression {
  const parser = new Parser(where, tokensOf(where));
  return parser.whole();
}

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly where: string,
    private readonly tokens: readonly Token[],
  ) {}

  whole(): Expression {
    if (this.tokens.length === 1) throw this.error('nothing', "a condition such as risk = 'high'");
    const expression = this.or();
    if (this.token.kind !== 'end') throw this.unexpected('and, or, or the end');
    return expression;
  }

  private get token(): Token {
    return this.tokens[this.next];
  }

  private or(): Expression {
    this.depth++;
    if (this.depth > MOST_DEPTH) throw this.error('parentheses too deep', `at most ${MOST_DEPTH}`);
    let left = this.and();
    for (let { at } = this.token; this.takeWord('or'); { at } = this.token) {
      left = { kind: 'or', left, right: this.and(), at };
    }
    this.depth--;
    return left;
  }

  private and(): Expression {
    let left = this.not();
    for (let { at } = this.token; this.takeWord('and'); { at } = this.token) {
      left = { kind: 'and', left, right: this.not(), at };
    }
    return left;
  }

  private not(): Expression {
    let nots = 0;
    const { at } = this.token;
    while (this.takeWord('not')) nots++;
    const inner = this.condition();
    return nots % 2 === 1 ? { kind: 'not', inner, at } : inner;
  }

  private condition(): Expression {
    const left = this.operand();
    const { at, text, kind } = this.token;
    if (kind === 'sign' && Object.hasOwn(COMPARISONS, text)) {
      this.next++;
      return this.last({ kind: 'compare', op: COMPARISONS[text], left, right: this.operand(), at });
    }
    if (this.takeWord('is')) {
      const isNot = this.takeWord('not');
      if (!this.takeWord('null')) throw this.unexpected('null, or not null');
      return this.last(negated(isNot, { kind: 'isNull', inner: left, at }));
    }
    const isNot = this.takeWord('not');
    if (this.takeWord('in')) return this.last(negated(isNot, { kind: 'in', inner: left, values: this.list(), at }));
    if (this.takeWord('between')) return this.last(negated(isNot, this.between(left, at)));
    for (const kind of ['like', 'contains'] as const) {
      if (this.takeWord(kind)) return this.last(negated(isNot, { kind, inner: left, text: this.text(kind), at }));
    }
    if (isNot) throw this.unexpected('in, like, contains or between');
    return left;
  }

  /** `a = b = c` means something else to everyone. */
  private last(expression: Expression): Expression {
    const { kind, text } = this.token;
    const isOperator =
      kind === 'sign'
        ? Object.hasOwn(COMPARISONS, text)
        : kind === 'word' && /^(is|in|like|contains|between)$/i.test(text);
    if (isOperator) throw this.unexpected('and, or, or the end', 'put the first comparison in parentheses');
    return expression;
  }

  private between(inner: Expression, at: number): Expression {
    const low = this.operand();
    if (!this.takeWord('and')) throw this.unexpected('and with the upper end');
    const left: Expression = { kind: 'compare', op: '>=', left: inner, right: low, at };
    return { kind: 'and', left, right: { kind: 'compare', op: '<=', left: inner, right: this.operand(), at }, at };
  }

  private list(): Literal[] {
    if (!this.takeSign('(')) throw this.unexpected('( and a list of values');
    const values: Literal[] = [];
    do values.push(this.literal('a value'));
    while (this.takeSign(','));
    if (!this.takeSign(')')) throw this.unexpected(', or )');
    return values;
  }

  private text(after: string): string {
    const { at } = this.token;
    const value = this.literal(`a text in 'single quotes'`);
    if (typeof value === 'string') return value;
    throw whereError(this.where, at, `${String(value)} after ${after}`, `a text in 'single quotes'`);
  }

  private operand(): Expression {
    const { at, kind } = this.token;
    if (this.takeSign('(')) {
      const inner = this.or();
      if (!this.takeSign(')')) throw this.unexpected(')');
      return inner;
    }
    const isName = kind === 'quoted' || (kind === 'word' && !this.isKeyword());
    if (!isName) return { kind: 'literal', value: this.literal('a column or a value'), at };
    const path = [this.name()];
    while (this.takeSign('.')) path.push(this.name());
    return { kind: 'column', path, at };
  }

  private name(): string {
    const { kind, text } = this.token;
    if (kind !== 'word' && kind !== 'quoted') throw this.unexpected('a name');
    if (text === '') throw this.error('an empty name', 'a name');
    this.next++;
    return text;
  }

  private literal(expected: string): Literal {
    const isNegative = this.takeSign('-');
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.next++;
      return numberOf(isNegative ? `-${text}` : text);
    }
    if (isNegative) throw this.unexpected('a number');
    if (kind === 'text') {
      this.next++;
      return text;
    }
    if (this.takeWord('true')) return true;
    if (this.takeWord('false')) return false;
    if (kind === 'word' && text.toLowerCase() === 'null') {
      throw this.error('null as a value', 'is null or is not null', 'nothing is equal to null');
    }
    const hint = kind === 'word' ? `put a text in 'single quotes'` : undefined;
    throw this.unexpected(expected, hint);
  }

  private isKeyword(): boolean {
    return this.token.kind === 'word' && KEYWORDS.includes(this.token.text.toLowerCase());
  }

  private takeWord(word: string): boolean {
    const isIt = this.token.kind === 'word' && this.token.text.toLowerCase() === word;
    if (isIt) this.next++;
    return isIt;
  }

  private takeSign(sign: string): boolean {
    const isIt = this.token.kind === 'sign' && this.token.text === sign;
    if (isIt) this.next++;
    return isIt;
  }

  private unexpected(expected: string, action?: string): Error {
    const { kind, text } = this.token;
    return this.error(kind === 'end' ? 'the end' : JSON.stringify(text), expected, action);
  }

  private error(found: string, expected: string, action?: string): Error {
    return whereError(this.where, this.token.at, found, expected, action);
  }
}

function negated(isNot: boolean, inner: Expression): Expression {
  return isNot ? { kind: 'not', inner, at: inner.at } : inner;
}

/** Whole numbers stay exact whatever their size. */
function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
