import { PrecisError } from '../../errors.js';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'text' | 'number' | 'end';
  readonly text: string;
  readonly at: number;
}

const FORMS: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['text', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"|`(?:[^`]|``)*`/y],
  ['sign', /<=|>=|<>|!=|==|[=<>().,-]/y],
];

/** Positions are characters from 1, as an editor counts them. */
export function whereError(where: string, at: number, found: string, expected?: string, action?: string): PrecisError {
  const shown = where.length > 200 ? `${where.slice(0, 197)}...` : where;
  return new PrecisError('usage', {
    found: `where ${JSON.stringify(shown)}: ${found} at character ${at + 1}`,
    expected,
    action,
  });
}

export function tokensOf(where: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < where.length) {
    const form = FORMS.find(([, expression]) => {
      expression.lastIndex = at;
      return expression.test(where);
    });
    if (form === undefined) throw whereError(where, at, strange(where, at));
    const [kind, { lastIndex }] = form;
    const text = where.slice(at, lastIndex);
    // 3abc is neither a number nor a name.
    if (kind === 'number' && /[\p{L}_]/u.test(where[lastIndex] ?? '')) {
      throw whereError(where, at, `${text}${where[lastIndex]} is no number`, 'a number, or a name in "double quotes"');
    }
    if (kind !== 'space')
      tokens.push({ kind, text: kind === 'word' || kind === 'sign' || kind === 'number' ? text : unquoted(text), at });
    at = lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

/** A quote within is written twice. */
function unquoted(text: string): string {
  const quote = text[0];
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

function strange(where: string, at: number): string {
  const character = String.fromCodePoint(where.codePointAt(at)!);
  if (!['"', "'", '`'].includes(character)) return `${JSON.stringify(character)} has no meaning`;
  return character === "'" ? "a text without its end (')" : `a name without its end (${character})`;
}
