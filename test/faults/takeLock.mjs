// Takes one lock, says so, and leaves it: node takeLock.mjs LOCK_MODULE LOCK
const [module, file] = process.argv.slice(2);
const { acquireLock } = await import(module);
try {
  const lock = acquireLock(file, { what: 'out.parquet', who: 'job 7' });
  lock.verify();
  console.log('won');
  lock.release();
} catch (error) {
  console.log(error.message);
}
