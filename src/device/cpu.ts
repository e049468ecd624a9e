import { readFileSync } from 'node:fs';
import { arch } from 'node:process';

/** What of the processor decides how int8 products are computed. */
export interface CpuFeatures {
  readonly x64: boolean;
  /** 8-bit dot products that do not saturate in between. */
  readonly vnni: boolean;
  /** int8 matrix tiles. */
  readonly amx: boolean;
}

/** What a person is told of the processor beyond that. */
export interface Processor extends CpuFeatures {
  /** Null where the system does not tell. */
  readonly model: string | null;
  readonly avx2: boolean;
  readonly avx512: boolean;
}

/** Linux tells the flags; elsewhere nothing is assumed, and the safe forms are chosen. */
export function readCpuFeatures(cpuInfoPath = '/proc/cpuinfo', architecture: string = arch): CpuFeatures {
  const { x64, vnni, amx } = readProcessor(cpuInfoPath, architecture);
  return { x64, vnni, amx };
}

export function readProcessor(cpuInfoPath = '/proc/cpuinfo', architecture: string = arch): Processor {
  const text = readIfThere(cpuInfoPath);
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(text)?.[1].split(' '));
  return {
    model: /^model name\s*:\s*(.*)$/m.exec(text)?.[1].trim() ?? null,
    x64: architecture === 'x64',
    avx2: flags.has('avx2'),
    avx512: flags.has('avx512f'),
    vnni: flags.has('avx512_vnni') || flags.has('avx_vnni'),
    amx: flags.has('amx_int8') && flags.has('amx_tile'),
  };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No such file on this system: the flags stay unknown.
    return '';
  }
}
