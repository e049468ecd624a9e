/**
 * What the built-in model was trained to be asked by (scripts/corpus/pairs.ts writes the same). The labels come first: behind a long text they
 * would be cut off with its end.
 */
export const CLASSIFY_PROMPT = 'classify: labels: {labels} text: ';
export const EXTRACT_PROMPT = 'extract: {field} text: ';
