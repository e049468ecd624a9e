import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** The Python interpreter that tests compare with, from PRECIS_TEST_PYTHON; it needs pyarrow at least. */
export const python: string | undefined = findPython();

/** A suite that is skipped, saying so, where there is no such interpreter. */
export const describePython: ReturnType<typeof describe.skipIf> = describe.skipIf(!python);

function findPython(): string | undefined {
  const named = process.env.PRECIS_TEST_PYTHON;
  if (!named) {
    console.log('skipped what compares with Python: set PRECIS_TEST_PYTHON to an interpreter with pyarrow');
    return undefined;
  }
  const { status, stderr, error } = spawnSync(named, ['-c', 'import pyarrow'], { encoding: 'utf8' });
  // Whoever sets it wants these tests: an interpreter that does not work must not look like success.
  if (status !== 0) throw new Error(`PRECIS_TEST_PYTHON=${named} cannot import pyarrow: ${error ?? stderr}`);
  return named;
}

/** Runs the code and returns what it printed; what it wrote to stderr is the error if it fails. */
export function runPython(code: string, args: string[] = []): string {
  if (!python) throw new Error('PRECIS_TEST_PYTHON is not set');
  const { status, signal, stdout, stderr, error } = spawnSync(python, ['-', ...args], {
    input: code,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`python ended with ${status ?? signal ?? error}\n${stderr}`);
  return stdout;
}

/** Whether the interpreter has a module beyond pyarrow. */
export function hasModule(name: string): boolean {
  if (!python) return false;
  const found = spawnSync(python, ['-c', `import ${name}`]).status === 0;
  if (!found) console.log(`skipped: the Python of PRECIS_TEST_PYTHON has no module ${name}`);
  return found;
}
