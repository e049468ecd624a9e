import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One thing that CUDA needs. */
export interface CudaLink {
  readonly name: string;
  readonly present: boolean;
  /** Where it is, or what was looked for. */
  readonly found: string;
  /** What to do if it is missing. */
  readonly action: string;
}

export interface CudaChain {
  /** All links are there. */
  readonly complete: boolean;
  readonly links: readonly CudaLink[];
}

export interface CudaPlaces {
  /** Where /dev, /proc, /etc and /usr are looked for. */
  readonly root?: string;
  /** The folder of onnxruntime's binding; null if there is none for this system. */
  readonly bindingFolder: string | null;
  /** The value of LD_LIBRARY_PATH. */
  readonly libraryPath?: string;
}

const PROVIDERS = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** What the CUDA provider of onnxruntime 1.30 is linked against, by the package that brings it. */
const RUNTIME_LIBRARIES: readonly { readonly library: string; readonly package: string }[] = [
  { library: 'libcudart.so.13', package: 'nvidia-cuda-runtime' },
  { library: 'libcublas.so.13', package: 'nvidia-cublas' },
  { library: 'libcublasLt.so.13', package: 'nvidia-cublas' },
  { library: 'libcufft.so.12', package: 'nvidia-cufft' },
  { library: 'libcurand.so.10', package: 'nvidia-curand' },
  { library: 'libcudnn.so.9', package: 'nvidia-cudnn-cu13' },
];

const INSTALL_DRIVER =
  "install NVIDIA's driver; in a container start it with the NVIDIA runtime (docker run --gpus all)";

/** Each link of the chain from the driver to the libraries, looked at without loading anything. */
export function readCudaChain({ root = '/', bindingFolder, libraryPath = '' }: CudaPlaces): CudaChain {
  const folders = loaderFolders(root, libraryPath);
  const links = [
    deviceLink(root),
    driverLink(root),
    libraryLink('driver library', 'libcuda.so.1', folders, INSTALL_DRIVER),
  ];
  for (const provider of PROVIDERS) links.push(providerLink(provider, bindingFolder));
  for (const { library, package: name } of RUNTIME_LIBRARIES) {
    const action = `install it (PyPI's ${name} wheel has it) and put its folder on LD_LIBRARY_PATH`;
    links.push(libraryLink(library.split('.')[0], library, folders, action));
  }
  return { complete: links.every(({ present }) => present), links };
}

/** The first missing piece, for the message that refuses a CUDA device. */
export function missingCudaPiece(chain: CudaChain): CudaLink | null {
  return chain.links.find(({ present }) => !present) ?? null;
}

function deviceLink(root: string): CudaLink {
  const folder = path.join(root, 'dev');
  const devices = listIfThere(folder).filter((name) => /^nvidia\d+$/.test(name));
  const present = devices.length > 0 && existsSync(path.join(folder, 'nvidiactl'));
  const found = present ? devices.map((name) => `/dev/${name}`).join(', ') : 'no /dev/nvidiactl and /dev/nvidia0';
  return { name: 'devices', present, found, action: INSTALL_DRIVER };
}

function driverLink(root: string): CudaLink {
  const file = path.join(root, 'proc/driver/nvidia/version');
  const version = existsSync(file) ? /(\d+\.\d+(?:\.\d+)?)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  const found = version === undefined ? 'no /proc/driver/nvidia/version' : `version ${version}`;
  return { name: 'driver', present: version !== undefined, found, action: INSTALL_DRIVER };
}

function providerLink(library: string, bindingFolder: string | null): CudaLink {
  const action = `copy it from the onnxruntime-gpu wheel of the same version to ${bindingFolder ?? "onnxruntime's binding"}`;
  const file = bindingFolder === null ? null : path.join(bindingFolder, library);
  const present = file !== null && existsSync(file);
  return { name: library, present, found: present ? file : `no ${file ?? library}`, action };
}

function libraryLink(name: string, library: string, folders: readonly string[], action: string): CudaLink {
  const folder = folders.find((one) => existsSync(path.join(one, library)));
  const found = folder === undefined ? `no ${library} on the loader's path` : path.join(folder, library);
  return { name, present: folder !== undefined, found, action };
}

/** Where the dynamic loader looks: LD_LIBRARY_PATH, the folders of /etc/ld.so.conf, the system's own. */
function loaderFolders(root: string, libraryPath: string): string[] {
  const configured = listIfThere(path.join(root, 'etc/ld.so.conf.d'))
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .flatMap((name) => readFileSync(path.join(root, 'etc/ld.so.conf.d', name), 'utf8').split('\n'))
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line.startsWith('/'));
  const system = ['lib', 'usr/lib', 'lib64', 'usr/lib64', 'lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];
  const named = libraryPath.split(':').filter((folder) => folder !== '');
  return [...named, ...[...configured, ...system].map((folder) => path.join(root, folder))];
}

function listIfThere(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
