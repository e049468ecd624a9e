/** What a candidate made of a row: a summary, the reason why there is none, or neither where there was no text. */
export interface Produced {
  readonly summary: string | null;
  readonly error: string | null;
}
