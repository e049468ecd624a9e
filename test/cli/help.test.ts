import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/args.js';
import { COMMANDS, findCommand } from '../../src/cli/commands.js';
import { precisWith } from './precis.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-help-'));
const precis = precisWith(path.join(scratch, 'home'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Words as a shell would make them of an example; what follows a redirection or a pipe is not the command's. */
function shellWords(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare,
  );
  const end = words.findIndex((word) => /^([<>|]|>>)$/.test(word));
  return end < 0 ? words : words.slice(0, end);
}

describe.each(Object.keys(COMMANDS))('precis %s --help', (name) => {
  it('shows its usage and two examples, each of which is right', async () => {
    const { command } = await findCommand(name.split(' '));
    const { status, stdout, stderr } = precis([...name.split(' '), '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^usage: precis ${name}`));
    for (const flag of Object.keys(command.FLAGS)) expect(stdout).toContain(`--${flag}`);

    const examples = command.HELP.examples;
    expect(stdout.slice(stdout.indexOf('examples:')).match(/^ {2}precis /gm)).toHaveLength(2);
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const [program, ...argv] = shellWords(example);
      expect(program).toBe('precis');
      const found = await findCommand(argv);
      expect(found.name).toBe(name);
      expect(() => parseArguments(found.rest, command.FLAGS)).not.toThrow();
    }
  });
});

describe('precis --help', () => {
  it('names every command', () => {
    const { stdout } = precis(['--help']);
    for (const [name, { does }] of Object.entries(COMMANDS)) {
      expect(stdout).toContain(`  ${name}`);
      expect(stdout).toContain(does);
    }
  });

  it('shows the commands of a family', () => {
    const { status, stdout } = precis(['models', '--help']);
    expect(status).toBe(0);
    for (const name of ['list', 'show', 'convert', 'verify']) expect(stdout).toContain(`precis models ${name}`);
  });

  it.each([['help'], ['help', 'models'], ['help', 'generate'], ['help', 'models', 'show']])(
    'is also %s %s %s',
    (...words) => {
      const [first, second] = [precis(words), precis([...words.slice(1), '--help'])];
      expect(first).toMatchObject({ status: 0, stderr: '', stdout: second.stdout });
    },
  );

  it('help for what is no command is wrong usage', () => {
    expect(precis(['help', 'generat'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('did you mean'),
    });
  });
});
