/**
 * How the last texts are dealt out, so that all workers end together: whole partitions while there are enough for everybody, then halves of what is
 * left, one each, and at last equal shares, while these still fill a model's batch.
 */
export function lastParts(rows: number, workers: number, most: number): number[] {
  const batch = (most * 3) / 16;
  const parts: number[] = [];
  for (let left = rows; left > 0; ) {
    const share = left / workers;
    const size = share > most ? most : Math.ceil(share > 2 * batch ? share / 2 : share);
    for (let worker = 0; worker < workers && left > 0; worker++) {
      const part = Math.min(size, left);
      parts.push(part);
      left -= part;
    }
  }
  return parts;
}
