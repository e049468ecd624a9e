import { escaped } from '../../chart/escaped.js';

/** Markup that is known to be safe: only `html` and `trusted` make it. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | readonly Html[];

/** Text becomes inert wherever it stands, because whatever is not markup already is escaped; numbers are coordinates, two places are enough. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let text = parts[0];
  pieces.forEach((piece, i) => {
    text += written(piece) + parts[i + 1];
  });
  return new Html(text);
}

/** For our own style and script only. */
export function trusted(text: string): Html {
  return new Html(text);
}

export const NOTHING = new Html('');

function written(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'number') return String(Number(piece.toFixed(2)));
  if (typeof piece === 'string') return escaped(piece);
  return piece.map(({ text }) => text).join('');
}
