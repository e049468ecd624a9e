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

/** Linux tells the flags; elsewhere nothing is assumed, and the safe forms are chosen. */
export function readCpuFeatures(cpuInfoPath = '/proc/cpuinfo', architecture: string = arch): CpuFeatures {
  let flags = new Set<string>();
  try {
    const line = /^flags\s*:\s*(.*)$/m.exec(readFileSync(cpuInfoPath, 'utf8'));
    flags = new Set(line?.[1].split(' '));
  } catch {
    // No such file on this system: the flags stay unknown.
  }
  return {
    x64: architecture === 'x64',
    vnni: flags.has('avx512_vnni') || flags.has('avx_vnni'),
    amx: flags.has('amx_int8') && flags.has('amx_tile'),
  };
}
