import { Float64, vectorFromArray } from 'apache-arrow';

const SUFFIX = '!';

export const shout = (batch) => batch.column('text').map((text) => text && text.toUpperCase() + SUFFIX);

export function halves(batch) {
  return vectorFromArray(
    batch.column('count').map((count) => count / 2),
    new Float64(),
  );
}

export const notOne = 5;
