/** Whole tables through precis: rows a second, memory, what is not the engine. See bench/README.md. */
import { mkdirSync } from 'node:fs';
import { describeMachine, machineText } from '../src/measure/machine.js';
import { commit } from './commit.js';
import { folders } from './models.js';
import { DEFAULT_CACHE } from './options.js';
import { measureEcho } from './tables/echo.js';
import { type Part, parseOptions, type TablesOptions, USAGE } from './tables/options.js';
import { measureOverhead } from './tables/overhead.js';
import { measurePressure } from './tables/pressure.js';
import { compareOutputs } from './tables/same.js';
import { smallModel } from './tables/smallModel.js';

const MEASURES: Readonly<Record<Part, (options: TablesOptions) => Promise<string>>> = {
  echo: measureEcho,
  overhead: async (options) => await measureOverhead(options, await smallModel(options)),
  same: async (options) => await compareOutputs(options, await smallModel(options)),
  pressure: measurePressure,
};

async function main(options: TablesOptions): Promise<void> {
  mkdirSync(options.cache, { recursive: true });
  process.env.PRECIS_HOME ??= folders(DEFAULT_CACHE).home;
  const machine = describeMachine();
  process.stdout.write(`${machine.date}, commit ${commit()}. ${machineText(machine)}.\n`);
  for (const part of options.parts) process.stdout.write(`\n${await MEASURES[part](options)}\n`);
}

const options = parseOptions(process.argv.slice(2));
if (options) await main(options);
else process.stdout.write(`${USAGE}\n`);
