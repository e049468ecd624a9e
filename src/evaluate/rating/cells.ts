import { createHash } from 'node:crypto';

/** A cell of Excel holds 32,767 characters; what is beyond is lost or spills into other cells. */
const MOST_CHARACTERS = 32_000;
const CUT_MARK = ' [...]';
/** No date, number or time that a spreadsheet takes for one is longer. */
const SHORT = 30;

/**
 * Whether a spreadsheet may take the text for something else: a formula (also behind white space, or in the wide characters that some
 * language settings accept), or, of short ones, a number, a date or a truth value, which it would write back in its own way.
 */
function isTaken(text: string): boolean {
  if (/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) || /^[\t\r\n']/.test(text)) return true;
  return text.length <= SHORT && (/\d/.test(text) || /^\s*(true|false)\s*$/i.test(text));
}

/** With an apostrophe before what would be taken for something else, which makes it a text. */
export function inert(text: string): string {
  return isTaken(text) ? `'${text}` : text;
}

/** What `inert` was given. */
export function verbatim(cell: string): string {
  const rest = cell.slice(1);
  return cell.startsWith("'") && isTaken(rest) ? rest : cell;
}

export function fitsCell(text: string): boolean {
  return text.length <= MOST_CHARACTERS;
}

export function cutToCell(text: string): string {
  if (fitsCell(text)) return text;
  return text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '') + CUT_MARK;
}

/** White space counts as one space and control characters as nothing: programs write line ends their own way, and a person reads the same. */
export function textHash(text: string): string {
  const read = text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
  return createHash('sha256').update(read).digest('hex').slice(0, 16);
}

/** Some programs swallow the apostrophe, so that a cell may be right as it stands. */
export function isUnchanged(cell: string, hash: string): boolean {
  return textHash(verbatim(cell)) === hash || textHash(cell) === hash;
}
