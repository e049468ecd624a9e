import fs from 'node:fs';
import path from 'node:path';
import { hashFiles } from '../../checkpoint/hash.js';
import { isWeightless } from '../../predict/builtin.js';
import { modelFolder } from '../../predict/modelUri.js';

/** What of a model's folder can change its answers. */
const READ = /\.(json|safetensors|onnx|onnx_data|model|txt)$/;

/** SHA-256 over a model's files, remembered while they stay as they are; null for what has none. */
export function modelHash(uri: string): string | null {
  if (isWeightless(uri)) return null;
  const dir = modelFolder(uri);
  const files = [dir, path.join(dir, 'onnx')].flatMap((folder) =>
    fs.existsSync(folder)
      ? fs
          .readdirSync(folder)
          .filter((name) => READ.test(name))
          .map((name) => path.join(folder, name))
      : [],
  );
  return hashFiles(files.sort());
}
