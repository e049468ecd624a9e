// Holds a lock a number of times, against others who do the same: node holdInTurn.mjs LOCK_MODULE LOCK TIMES
import fs from 'node:fs';

const [module, lock, times] = process.argv.slice(2);
const { acquireLock } = await import(module);
for (let won = 0; won < Number(times); ) {
  let held;
  try {
    held = acquireLock(lock, { what: 'x', who: 'y' });
  } catch (error) {
    if (error.scope !== 'lock') throw error;
    continue;
  }
  // Fails if another one holds it too.
  fs.writeFileSync(`${lock}-proof`, '', { flag: 'wx' });
  fs.rmSync(`${lock}-proof`);
  held.release();
  won++;
}
