import type { DoctorReport } from './doctorReport.js';
import { size } from './sizes.js';

/** The report for people: what is there, a line each; at the end what keeps models from running. */
export function reportText(report: DoctorReport): string {
  const { node, processor, cores, precision, memory, home, onnxruntime, terminal, built_in_model: builtIn } = report;
  const features = (['avx2', 'avx512', 'vnni', 'amx'] as const).map(
    (name) => `${name} ${processor[name] ? 'yes' : 'no'}`,
  );
  const limit = memory.limit_bytes === null ? '' : `, limited to ${size(memory.limit_bytes)} by the control group`;
  const lines = [
    line('system', `${report.system}, ${processor.architecture}`),
    line('Node', `${node.version}${node.ok ? '' : ` (expected ${node.range})`}`),
    line('processor', processor.model ?? 'unknown'),
    line('features', features.join(', ')),
    line('int8', precision.int8),
    line('precision', `${precision.auto} unless --precision says otherwise`),
    line(
      'cores',
      `${cores.usable}${cores.usable === cores.machine ? '' : ` of ${cores.machine}`}: as many workers by default`,
    ),
    line('memory', `${size(memory.available_bytes)} of ${size(memory.total_bytes)} available${limit}`),
    line('huge pages', hugePages(report.huge_pages)),
    ...report.disk.map(({ use, path, free_bytes }) => line('disk', `${size(free_bytes)} free for ${use} (${path})`)),
    line('PRECIS_HOME', `${home.path}: ${home.problem ?? `format ${home.format}, writable`}`),
    line('onnxruntime', `${onnxruntime.version ?? 'none'}: ${onnxruntime.problem ?? 'loads and computes'}`),
    line('Parquet', report.parquet.problem ?? 'loads, writes and reads'),
    line('model', builtIn.problem ?? `${builtIn.uri}, used without --model: ${size(builtIn.bytes)} in ${builtIn.path}`),
    line(
      'terminal',
      `stdout ${tty(terminal.stdout)}, stderr ${tty(terminal.stderr)}, locale ${terminal.locale ?? 'not set'}`,
    ),
    line('CUDA', report.cuda.complete ? 'every piece is there; this version runs models on the CPU' : 'not usable'),
    ...cudaLines(report.cuda),
    '',
    report.ok ? 'Models can run on the CPU of this machine.' : 'Models cannot run on this machine:',
    ...report.problems.map((problem) => `  ${problem}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What to do is said once for neighbours that need the same. */
function cudaLines({ links }: DoctorReport['cuda']): string[] {
  return links.flatMap(({ name, present, found, action }, i) => {
    const isSaid = links[i + 1]?.present === false && links[i + 1].action === action;
    const advice = present || isSaid ? [] : [`                -> ${action}`];
    return [`  ${present ? 'yes' : 'no '}  ${name}: ${found}`, ...advice];
  });
}

function hugePages(setting: string | null): string {
  if (setting === 'never') return 'never: with madvise the engines would be 5 to 8% faster';
  return setting ?? 'not on this system';
}

function line(name: string, value: string): string {
  return `${name.padEnd(13)} ${value}`;
}

function tty(isTerminal: boolean): string {
  return isTerminal ? 'is a terminal' : 'is no terminal';
}
