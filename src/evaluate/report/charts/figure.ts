import { type Html, html } from '../html.js';

export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What is drawn and how to read it, for everybody. */
  readonly caption: string;
  /** What the drawing says, in figures, for those who cannot see it. */
  readonly description: string;
  readonly height: number;
  readonly body: readonly Html[];
}

/** Narrow, so that letters stay readable when a phone shrinks it. */
export const WIDTH = 440;

export function figure({ id, title, caption, description, height, body }: Figure): Html {
  return html`<figure>
<h3 id="${id}">${title}</h3>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}" aria-describedby="${id}-said">
<desc id="${id}-said">${description}</desc>
${body}
</svg>
<figcaption>${caption}</figcaption>
</figure>`;
}

export type Anchor = 'start' | 'middle' | 'end';

export function label(text: string, x: number, y: number, kind: 'label' | 'note' | 'value', anchor: Anchor = 'start') {
  return html`<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

/** Upright lines with their numbers below. */
export function axis(ticks: readonly number[], x: (value: number) => number, top: number, bottom: number): Html[] {
  return ticks.flatMap((tick) => [
    html`<path class="grid" d="M${x(tick)} ${top}V${bottom}"/>`,
    label(tick.toLocaleString('en'), x(tick), bottom + 16, 'note', 'middle'),
  ]);
}
