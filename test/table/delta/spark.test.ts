import fs from 'node:fs';
import path from 'node:path';
import { RecordBatchReader } from 'apache-arrow';
import { expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { writeDelta } from './rows.js';
import { describeSpark, runSpark, SPARK } from './spark.js';
import { saveAsArrow, temporaryFolder } from './support.js';

describeSpark('Delta Lake in a real Spark', () => {
  test('reads every type that we write and appends to it; we read both its commits and its tables', {
    timeout: 600_000,
  }, async () => {
    const root = temporaryFolder();
    const at = (name: string) => path.join(root, name);
    runSpark("save(every_type(0, 20), folder + '/first'); save(every_type(20, 20), folder + '/second')", root);
    const rows = (name: string) => [...RecordBatchReader.from(fs.readFileSync(at(name)))];
    await writeDelta(at('ours'), rows('first'));
    await writeDelta(at('ours'), rows('second'), { mode: 'append', transaction: { app: 'a job', version: 1 } });
    const read = runSpark(
      `${SPARK}
same(spark.read.format('delta').load(folder + '/ours').toArrow(), every_type(0, 40))
sql("insert into delta.\`@ours\` select * from delta.\`@ours\` where id = 5")
keep('ours')
spark.read.format('delta').load(folder + '/ours').write.format('delta').save(folder + '/theirs')
keep('theirs')`,
      root,
    );
    expect(read).toBe('same 40');
    await saveAsArrow(await openDelta(at('ours')), at('ours.precis'));
    await saveAsArrow(await openDelta(at('theirs')), at('theirs.precis'));
    const compare = `for name in 'ours', 'theirs': same(f'{folder}/{name}.precis', ipc.open_stream(f'{folder}/{name}.spark').read_all())`;
    expect(runSpark(compare, root)).toBe('same 41\nsame 41');
  });
});
