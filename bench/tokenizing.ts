import { openTokenizer } from '../src/text/tokenizer.js';

export interface Tokenizing {
  readonly encodeMsPerDocument: number;
  readonly decodeMsPerDocument: number;
}

/** The engine takes ids, so tokenizing is timed apart, on texts that tokenize to about the documents' lengths. */
export function measureTokenizing(
  checkpoint: string,
  vocabSize: number,
  documents: readonly number[][],
  newTokens: number,
): Tokenizing {
  const tokenizer = openTokenizer(checkpoint, { vocabSize });
  const texts = documents.map((ids) => tokenizer.decode(ids));
  const perDocument = (work: () => void) => {
    work();
    const start = performance.now();
    work();
    return (performance.now() - start) / documents.length;
  };
  return {
    encodeMsPerDocument: perDocument(() => texts.forEach((text) => void tokenizer.encode(text))),
    decodeMsPerDocument: perDocument(() => documents.forEach((ids) => void tokenizer.decode(ids.slice(0, newTokens)))),
  };
}
