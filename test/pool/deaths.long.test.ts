import { describe, expect, it } from 'vitest';
import { causes, cut, functionOf, pooled, scratchFolder, textsOf, troubled } from './pools.js';

const ROWS = 2000;
const DEATHS = 20;

describe.each([
  ['thread', '!exit', 'worker', /^worker \d exited with code 7$/],
  ['process', '!exit', 'worker', /^worker \d exited with code 7$/],
  ['thread', '!loop', 'worker', /^worker \d gave no sign for 1 s$/],
  ['process', '!kill', 'host', /^the engine host was killed by SIGKILL$/],
  ['process', '!segv', 'host', /^the engine host was killed by SIGSEGV$/],
  ['process', '!stop', 'host', /^the engine host gave no sign for 1 s$/],
] as const)(`${ROWS} rows with %s isolation and ${DEATHS} deaths by %s of a %s`, (isolation, kind, who, cause) => {
  it('are answered once each and as in an undisturbed run', async () => {
    const hangSeconds = kind === '!loop' || kind === '!stop' ? 1 : undefined;
    const spec = functionOf('openTroubled', { folder: scratchFolder() });
    const { pool, events } = await pooled(spec, { isolation, hangSeconds });
    const texts = troubled(kind, ROWS, DEATHS);
    const answers: (string | null)[] = [];
    let rows = 0;
    for await (const { batch } of pool.map(cut(texts, 23))) {
      answers.push(...textsOf(batch));
      rows += batch.numRows;
    }
    expect(rows).toBe(ROWS);
    expect(answers).toEqual(texts.map((text) => text.toUpperCase()));
    // A host takes along what ran beside the row that killed it.
    expect(causes(events).length).toBeGreaterThanOrEqual(DEATHS);
    for (const told of causes(events)) expect(told).toMatch(cause);
    const hosts = events.filter((event) => event.kind === 'host-started').length;
    expect(hosts > DEATHS).toBe(who === 'host');
  });
});
