/** What glibc needs to back large blocks of memory with huge pages; it is only read while a process starts. */
const HUGE_PAGES = 'glibc.malloc.hugetlb=1';

/**
 * The variables that a process which runs engines should start with. Weights and caches are read from end to end at every step, and with
 * pages of 4 KiB the processor spends 5 to 8% of the time on finding them. Also what noTelemetry.ts says, early enough for every thread.
 */
export function engineVariables(tunables = process.env.GLIBC_TUNABLES): Record<string, string> {
  const variables: Record<string, string> = { ORT_DISABLE_TELEMETRY: '1' };
  if (process.platform !== 'linux') return variables;
  const chosen = tunables?.includes('glibc.malloc.hugetlb')
    ? [tunables]
    : [...(tunables ? [tunables] : []), HUGE_PAGES];
  return { ...variables, GLIBC_TUNABLES: chosen.join(':') };
}
