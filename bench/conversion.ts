/**
 * Times the conversion of a checkpoint folder in a fresh process and an empty cache:
 *   node dist/bench/conversion.js CHECKPOINT [int8|fp32|fp16]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertCheckpoint } from '../src/graph/convert.js';
import type { Precision } from '../src/graph/linear.js';
import { runTool } from './tool.js';

export interface ConversionTime {
  readonly precision: string;
  /** From reading the checkpoint to the finished folder, hashing included. */
  readonly seconds: number;
  readonly bytes: number;
  readonly parameters: number;
  readonly peakResident: number;
}

const SELF = fileURLToPath(import.meta.url);
/** Says that this is the fresh process with a cache of its own. */
const IN_CHILD = 'in-child';

export async function measureConversion(checkpoint: string, precision: Precision): Promise<ConversionTime> {
  const home = mkdtempSync(path.join(tmpdir(), 'precis-conversion-'));
  try {
    const { stdout } = await runTool('', process.execPath, [SELF, checkpoint, precision, IN_CHILD], {
      PRECIS_HOME: home,
    });
    return JSON.parse(stdout) as ConversionTime;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function main([checkpoint, precision = 'int8', place]: string[]): Promise<void> {
  if (place !== IN_CHILD) {
    const time = await measureConversion(checkpoint, precision as Precision);
    process.stdout.write(`${JSON.stringify(time)}\n`);
    return;
  }
  const start = performance.now();
  const { bytes, parameters } = await convertCheckpoint(checkpoint, { precision: precision as Precision });
  const seconds = (performance.now() - start) / 1000;
  const peakResident = process.resourceUsage().maxRSS * 1024;
  const time: ConversionTime = { precision, seconds, bytes, parameters, peakResident };
  process.stdout.write(`${JSON.stringify(time)}\n`);
}

if (process.argv[1] === SELF) await main(process.argv.slice(2));
