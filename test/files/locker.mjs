// A process that takes locks as it is told: one command a line, one answer a line.
//   node locker.mjs LOCK_MODULE
import { createInterface } from 'node:readline';

const { acquireLock, lockOwner } = await import(process.argv[2]);
const held = new Map();

const commands = {
  take(file) {
    held.set(file, acquireLock(file, { what: 'out.parquet', who: 'job 7' }));
    return 'won';
  },
  verify: (file) => held.get(file).verify() ?? 'ours',
  release: (file) => held.get(file).release() ?? 'released',
  owner: (file) => lockOwner(file)?.pid ?? 'nobody',
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, file] = line.split(' ');
  try {
    console.log(String(commands[command](file)));
  } catch (error) {
    console.log(error.message);
  }
}
