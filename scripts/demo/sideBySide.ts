const GAP = ' | ';
const ELLIPSIS = ' ...';

export interface Shown {
  readonly heading: string;
  readonly document: string;
  readonly summary: string;
  readonly reference: string;
}

/** The document on the left, cut to `lines` lines, and on the right what was made of it. */
export function sideBySide({ heading, document, summary, reference }: Shown, width: number, lines: number): string {
  const half = Math.floor((width - GAP.length) / 2);
  const left = cut(wrapped(document, half), lines, half);
  const right = ['SUMMARY', ...wrapped(summary, half), '', 'REFERENCE', ...wrapped(reference, half)];
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    `${(left[row] ?? '').padEnd(half)}${GAP}${right[row] ?? ''}`.trimEnd(),
  );
  return `${`-- ${heading} `.padEnd(width, '-')}\n${rows.join('\n')}\n`;
}

/** Line breaks stay; a word that is longer than a line is cut into several. */
export function wrapped(text: string, width: number): string[] {
  return text.split(/\r?\n/).flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(/\s+/).flatMap((one) => pieces(one, width))) {
      const line = lines[lines.length - 1];
      if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}

function pieces(word: string, width: number): string[] {
  return word.length <= width ? [word] : (word.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []);
}

function cut(lines: readonly string[], most: number, width: number): string[] {
  if (lines.length <= most) return [...lines];
  const last = lines[most - 1].slice(0, width - ELLIPSIS.length);
  return [...lines.slice(0, most - 1), `${last}${ELLIPSIS}`];
}
