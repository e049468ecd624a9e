import { readFileSync } from 'node:fs';
import os from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Those of the processor's flags that decide how fast products are. */
  readonly flags: readonly string[];
  readonly l3: string;
  readonly node: string;
  readonly system: string;
  /** Others' work at the start of the run: figures of a busy machine are worth little. */
  readonly load: number;
  readonly date: string;
}

const RELEVANT_FLAGS = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'avx512_bf16', 'amx_int8', 'amx_bf16'];

export function describeMachine(): Machine {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(readOr('/proc/cpuinfo', ''))?.[1].split(' ') ?? []);
  return {
    cpu: os.cpus()[0].model,
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    flags: RELEVANT_FLAGS.filter((flag) => flags.has(flag)),
    l3: readOr('/sys/devices/system/cpu/cpu0/cache/index3/size', 'unknown').trim(),
    node: process.version,
    system: `${os.type()} ${os.release()}`,
    load: os.loadavg()[0],
    date: new Date().toISOString().slice(0, 10),
  };
}

export function machineText({ cpu, cores, memoryGiB, flags, l3, node, system, load }: Machine): string {
  const facts = [
    `${cpu}`,
    `${cores} cores`,
    `${memoryGiB} GiB`,
    `L3 ${l3}`,
    ...(flags.length > 0 ? [flags.join(' ')] : []),
  ];
  return `${facts.join(', ')}; ${system}, Node ${node}; load at the start ${load.toFixed(2)}`;
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
