import type { AddedToken } from './tokenizerFiles.js';

export type Stretch = { readonly text: string } | { readonly token: AddedToken };

/** Finds the tokens that are recognised in the raw text (`</s>`, `<extra_id_0>`), the longest at the leftmost place first. */
export class AddedTokenSplitter {
  private readonly byContent: ReadonlyMap<string, AddedToken>;
  private readonly pattern: RegExp | null;

  constructor(tokens: readonly AddedToken[]) {
    this.byContent = new Map(tokens.map((token) => [token.content, token]));
    const contents = [...this.byContent.keys()].filter((content) => content !== '');
    contents.sort((a, b) => b.length - a.length);
    const escaped = contents.map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    this.pattern = contents.length > 0 ? new RegExp(escaped.join('|'), 'g') : null;
  }

  /** Lazily, so that the end of a very long text is never looked at when it is cut anyway. */
  *split(text: string): Generator<Stretch> {
    let done = 0;
    if (this.pattern) {
      for (const match of text.matchAll(this.pattern)) {
        if (match.index > done) yield { text: text.slice(done, match.index) };
        yield { token: this.byContent.get(match[0])! };
        done = match.index + match[0].length;
      }
    }
    if (done < text.length) yield { text: text.slice(done) };
  }
}
