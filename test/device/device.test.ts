import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProcessor } from '../../src/device/cpu.js';
import { missingCudaPiece, readCudaChain } from '../../src/device/cudaChain.js';
import { int8Meaning } from '../../src/device/int8.js';
import { freeDiskBytes, readHugePages, readMemory } from '../../src/device/memory.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-device-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let made = 0;

/** A folder that stands for `/` of some machine. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = path.join(scratch, `machine-${made++}`);
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

describe('the CUDA chain', () => {
  const DRIVER = {
    'dev/nvidiactl': '',
    'dev/nvidia0': '',
    'dev/nvidia1': '',
    'proc/driver/nvidia/version': 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27\n',
    'etc/ld.so.conf.d/nvidia.conf': '# driver\n/usr/local/driver\n',
    'usr/local/driver/libcuda.so.1': '',
  };
  const PROVIDERS = {
    'binding/libonnxruntime_providers_shared.so': '',
    'binding/libonnxruntime_providers_cuda.so': '',
  };
  const RUNTIME = {
    'cuda/libcudart.so.13': '',
    'cuda/libcublas.so.13': '',
    'cuda/libcublasLt.so.13': '',
    'usr/lib/x86_64-linux-gnu/libcufft.so.12': '',
    'usr/lib64/libcurand.so.10': '',
    'cuda/libcudnn.so.9': '',
  };
  const without = (name: string) =>
    Object.fromEntries(Object.entries({ ...DRIVER, ...PROVIDERS, ...RUNTIME }).filter(([file]) => file !== name));
  const chainOf = (files: Readonly<Record<string, string>>) => {
    const root = machine(files);
    return readCudaChain({ root, bindingFolder: path.join(root, 'binding'), libraryPath: `/nowhere::${root}/cuda` });
  };

  it('is complete with every piece, wherever the loader finds it', () => {
    const chain = chainOf({ ...DRIVER, ...PROVIDERS, ...RUNTIME });
    expect(chain.complete).toBe(true);
    expect(missingCudaPiece(chain)).toBeNull();
    expect(chain.links.slice(0, 2).map(({ found }) => found)).toEqual([
      '/dev/nvidia0, /dev/nvidia1',
      'version 580.65.06',
    ]);
  });

  it.each([
    ['dev/nvidiactl', 'devices', 'install NVIDIA'],
    ['proc/driver/nvidia/version', 'driver', 'install NVIDIA'],
    ['usr/local/driver/libcuda.so.1', 'driver library', 'install NVIDIA'],
    ['etc/ld.so.conf.d/nvidia.conf', 'driver library', 'install NVIDIA'],
    ['binding/libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_cuda.so', 'the onnxruntime-gpu wheel'],
    ['cuda/libcudart.so.13', 'libcudart', 'nvidia-cuda-runtime'],
    ['cuda/libcudnn.so.9', 'libcudnn', 'nvidia-cudnn-cu13'],
  ])('without %s names that piece and what to do', (file, name, action) => {
    const chain = chainOf(without(file));
    expect(chain.links.filter(({ present }) => !present).map((link) => link.name)).toEqual([name]);
    expect(missingCudaPiece(chain)?.action).toContain(action);
  });

  it('of a system that onnxruntime has no binding for', () => {
    const { links } = readCudaChain({ root: machine(DRIVER), bindingFolder: null });
    expect(links.find(({ name }) => name === 'libonnxruntime_providers_cuda.so')?.present).toBe(false);
  });
});

describe('memory', () => {
  const GB = 2 ** 30;
  const available = { 'proc/meminfo': 'MemTotal: 99 kB\nMemAvailable:   2097152 kB\n' };

  it.each<[string, Record<string, string>, number | null]>([
    ['no control group', {}, null],
    ['one without a limit', { 'proc/self/cgroup': '0::/a\n', 'sys/fs/cgroup/a/memory.max': 'max\n' }, null],
    ['version 2', { 'proc/self/cgroup': '0::/a/b\n', 'sys/fs/cgroup/a/b/memory.max': `${GB}\n` }, GB],
    [
      'the least of those on the way up',
      {
        'proc/self/cgroup': '0::/a/b\n',
        'sys/fs/cgroup/a/b/memory.max': 'max\n',
        'sys/fs/cgroup/a/memory.max': `${GB / 2}\n`,
        'sys/fs/cgroup/memory.max': `${GB}\n`,
      },
      GB / 2,
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '5:cpu,memory:/a\n1:name=x:/b\n',
        'sys/fs/cgroup/memory/a/memory.limit_in_bytes': `${GB}\n`,
      },
      GB,
    ],
  ])('with %s', (_, files, limitBytes) => {
    const memory = readMemory(machine({ ...available, ...files }));
    expect(memory).toEqual({ totalBytes: os.totalmem(), availableBytes: 2 * GB, limitBytes });
  });

  it('reads the setting of huge pages', () => {
    const file = 'sys/kernel/mm/transparent_hugepage/enabled';
    expect(readHugePages(machine({ [file]: 'always [madvise] never\n' }))).toBe('madvise');
    expect(readHugePages(machine({}))).toBeNull();
  });

  it('finds the free space where a folder would be made', () => {
    expect(freeDiskBytes(path.join(scratch, 'not/there/yet'))).toBeGreaterThan(0);
  });
});

describe('the processor', () => {
  const info = (flags: string) =>
    path.join(machine({ cpuinfo: `model name\t: Some CPU @ 3 GHz\nflags\t\t: ${flags}\n` }), 'cpuinfo');

  it.each([
    ['fpu avx2 avx512f avx512_vnni amx_tile amx_int8', 'x64', 'AMX'],
    ['fpu avx2 avx_vnni', 'x64', 'VNNI computes'],
    ['fpu avx2 avx512f', 'x64', '7 bits'],
    ['asimd', 'arm64', 'fp32'],
  ])('with %s on %s', (flags, architecture, meaning) => {
    const processor = readProcessor(info(flags), architecture);
    expect(processor).toMatchObject({
      model: 'Some CPU @ 3 GHz',
      avx2: flags.includes('avx2'),
      avx512: flags.includes('avx512f'),
    });
    expect(int8Meaning(processor)).toContain(meaning);
  });

  it('is unknown where the system does not tell', () => {
    expect(readProcessor(path.join(scratch, 'nothing'), 'x64')).toMatchObject({ model: null, vnni: false, amx: false });
  });
});
