/** Reads the fields of one JSON object and notes every one that does not fit, so that all are reported together. */
export class Fields {
  readonly problems: string[] = [];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** A whole number of at least `least`. Without a default the field must be there. JSON's null counts as absent, as in Python. */
  integer(name: string, least: number, missing?: number): number {
    const value = this.#values[name] ?? missing;
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    this.#note(name, value, `a whole number of at least ${least}`);
    return least;
  }

  positive(name: string, missing: number): number {
    const value = this.#values[name] ?? missing;
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    this.#note(name, value, 'a number above 0');
    return missing;
  }

  flag(name: string, missing: boolean): boolean {
    const value = this.#values[name] ?? missing;
    if (typeof value === 'boolean') return value;
    this.#note(name, value, 'true or false');
    return missing;
  }

  /** A token id, or a list of them, below the size of the vocabulary. */
  tokens(name: string, vocabSize: number, missing: number): number[] {
    const value = this.#values[name] ?? missing;
    const ids: unknown[] = Array.isArray(value) ? value : [value];
    if (
      ids.length > 0 &&
      ids.every((id) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < vocabSize)
    ) {
      return ids as number[];
    }
    this.#note(name, value, `token ids from 0 to ${vocabSize - 1}`);
    return [missing];
  }

  token(name: string, vocabSize: number, missing: number): number {
    const value = this.#values[name];
    if (Array.isArray(value)) this.#note(name, value, `one token id from 0 to ${vocabSize - 1}`);
    return this.tokens(name, vocabSize, missing)[0];
  }

  require(name: string, fits: boolean, expected: string): void {
    if (!fits) this.#note(name, this.#values[name], expected);
  }

  #note(name: string, value: unknown, expected: string): void {
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)?.slice(0, 80)}`;
    this.problems.push(`${name} ${found}, expected ${expected}`);
  }
}
