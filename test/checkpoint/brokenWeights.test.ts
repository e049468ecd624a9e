import path from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { PrecisError } from '../../src/errors.js';
import { CONFIG, checkpointFolder, fullHeader, type Header, headerLength, layOut, safetensors } from './folders.js';

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 242043056\n';
const AGAIN = '; download or export the file again';

function problemOf(dir: string): PrecisError {
  try {
    openCheckpoint(dir).weights.close();
  } catch (error) {
    if (error instanceof PrecisError) return error;
    throw error;
  }
  throw new Error(`${dir} was opened without an error`);
}

/** The message with the folder as DIR, so that the tables below can be read. */
function messageOf(dir: string): string {
  return problemOf(dir)
    .message.replaceAll(dir + path.sep, 'DIR/')
    .replaceAll(dir, 'DIR');
}

function edited(edit: (header: Header) => void, dataLength?: number): Buffer {
  const header = fullHeader();
  edit(header);
  return safetensors(header, dataLength);
}

const NORM = 'encoder.final_layer_norm.weight';
const whole = safetensors(fullHeader());
const end = Math.max(...Object.values(fullHeader()).map((entry) => entry.data_offsets[1]));

test('the folder that the tables below break is a good one', () => {
  const checkpoint = openCheckpoint(checkpointFolder());
  expect(checkpoint.parameters).toBe(end / 4);
  checkpoint.weights.close();
});

const BROKEN_FILES: [string, Buffer | string, string][] = [
  ['empty', '', `DIR/model.safetensors is empty, expected a safetensors file${AGAIN}`],
  [
    'Git-LFS pointer',
    LFS,
    'DIR/model.safetensors is a Git-LFS pointer, expected the weights themselves; run `git lfs pull` in that folder or download the file again',
  ],
  [
    'cut within the length',
    whole.subarray(0, 5),
    `DIR/model.safetensors has 5 bytes, expected at least the 8 bytes of the header length${AGAIN}`,
  ],
  [
    'cut within the header',
    whole.subarray(0, 100),
    `DIR/model.safetensors ends within its header (100 bytes), expected at least ${whole.length - end} bytes${AGAIN}`,
  ],
  [
    'oversized header',
    Buffer.concat([headerLength(100_000_001), whole.subarray(8)]),
    `DIR/model.safetensors gives a header length of 100000001 bytes, expected at most 100000000${AGAIN}`,
  ],
  [
    'header length beyond all integers',
    Buffer.concat([Buffer.alloc(8, 0xff), whole.subarray(8)]),
    `DIR/model.safetensors gives a header length of 18446744073709551615 bytes, expected at most 100000000${AGAIN}`,
  ],
  [
    'header that is not JSON',
    safetensors('{"a": '),
    `DIR/model.safetensors has a header that is not JSON, expected a safetensors header${AGAIN}`,
  ],
  [
    'header that is not UTF-8',
    Buffer.concat([headerLength(4), Buffer.from([0x7b, 0x22, 0xff, 0x7d])]),
    `DIR/model.safetensors has a header that is not JSON, expected a safetensors header${AGAIN}`,
  ],
  [
    'header that is a list',
    safetensors('[1]'),
    `DIR/model.safetensors has a header that is not a JSON object, expected a safetensors header${AGAIN}`,
  ],
  [
    'duplicate tensor, written with another escape',
    safetensors(
      '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
    ),
    `DIR/model.safetensors names "a" twice in its header, expected every name once${AGAIN}`,
  ],
  [
    'entry that is no object',
    safetensors('{"a":7}'),
    `DIR/model.safetensors tensor "a" is not described by an object, expected dtype, shape and data_offsets${AGAIN}`,
  ],
  [
    'dtype that the format does not know',
    edited((header) => {
      header[NORM].dtype = 'F31';
    }),
    `DIR/model.safetensors tensor "${NORM}" has the dtype "F31", expected one of the safetensors format${AGAIN}`,
  ],
  [
    'negative dimension',
    edited((header) => {
      header[NORM].shape = [-4];
    }),
    `DIR/model.safetensors tensor "${NORM}" has the shape [-4], expected a list of whole numbers${AGAIN}`,
  ],
  [
    'bytes that do not match the shape',
    edited((header) => {
      header[NORM].shape = [3];
    }),
    `DIR/model.safetensors tensor "${NORM}" has 16 bytes, expected 12 for F32 of shape [3]${AGAIN}`,
  ],
  [
    'offsets in the wrong order',
    edited((header) => {
      header[NORM].data_offsets = [16, 0];
    }),
    `DIR/model.safetensors tensor "${NORM}" has the data_offsets [16,0], expected a start and an end that is not before it${AGAIN}`,
  ],
  [
    'offsets that are not whole',
    edited((header) => {
      header[NORM].data_offsets = [0.5, 16.5];
    }),
    `DIR/model.safetensors tensor "${NORM}" has the data_offsets [0.5,16.5], expected a start and an end that is not before it${AGAIN}`,
  ],
  [
    'overlapping tensors',
    safetensors({
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
    }),
    `DIR/model.safetensors tensor "b" overlaps the one before it by 4 bytes, expected separate bytes for each${AGAIN}`,
  ],
  [
    'a gap',
    safetensors({
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      b: { dtype: 'F32', shape: [1], data_offsets: [12, 16] },
    }),
    `DIR/model.safetensors leaves 4 bytes unused before tensor "b", expected tensors without gaps${AGAIN}`,
  ],
  [
    'data cut off',
    safetensors(layOut([['a', [4]]]), 12),
    `DIR/model.safetensors has 75 bytes, so its data is cut off, expected at least 79 for tensor "a"${AGAIN}`,
  ],
  [
    'bytes after the end',
    safetensors(layOut([['a', [4]]]), 20),
    `DIR/model.safetensors has 4 bytes after its last tensor, expected 79 bytes${AGAIN}`,
  ],
];

test.each(BROKEN_FILES)('model.safetensors: %s', (_, content, message) => {
  expect(messageOf(checkpointFolder({ 'model.safetensors': content }))).toBe(`[weights] ${message}`);
});

const shard = (...tensors: [string, number[]][]) => safetensors(layOut(tensors));

const BROKEN_FOLDERS: [string, Record<string, Buffer | string | object | null>, string][] = [
  [
    'no weights',
    {},
    'DIR has no weights, expected model.safetensors, or shards with model.safetensors.index.json; download the weights into the folder',
  ],
  [
    'pickled weights only',
    { 'pytorch_model.bin': 'PK' },
    'DIR has its weights in pytorch_model.bin only, expected model.safetensors, or shards with model.safetensors.index.json; load it with transformers and save it with `save_pretrained(folder, safe_serialization=True)`',
  ],
  [
    'index that is not JSON',
    { 'model.safetensors.index.json': LFS },
    'DIR/model.safetensors.index.json is a Git-LFS pointer, expected a JSON object; run `git lfs pull` in that folder',
  ],
  [
    'index without a map',
    { 'model.safetensors.index.json': {} },
    'DIR/model.safetensors.index.json has no weight_map, expected an object from tensor names to shard files; download or export the checkpoint again',
  ],
  ...['../x.safetensors', '/etc/x.safetensors', 'a\\x.safetensors', 'x.bin', ''].map(
    (name): [string, Record<string, object>, string] => [
      `index that names ${JSON.stringify(name)}`,
      { 'model.safetensors.index.json': { weight_map: { a: name } } },
      `DIR/model.safetensors.index.json puts "a" into ${JSON.stringify(name)}, expected the plain name of a .safetensors file beside it; download or export the checkpoint again`,
    ],
  ),
  [
    'missing shard',
    { 'model.safetensors.index.json': { weight_map: { a: 'one.safetensors' } } },
    'DIR/one.safetensors is missing, expected a readable safetensors file; download the missing file',
  ],
  [
    'tensor in two shards',
    {
      'model.safetensors.index.json': { weight_map: { a: 'one.safetensors', b: 'two.safetensors' } },
      'one.safetensors': shard(['a', [1]]),
      'two.safetensors': shard(['b', [1]], ['a', [1]]),
    },
    'tensor "a" is in DIR/one.safetensors and in DIR/two.safetensors, expected every tensor in one shard; download or export the shards again',
  ],
  [
    'shard without the tensor that the index puts there',
    {
      'model.safetensors.index.json': { weight_map: { a: 'one.safetensors', b: 'one.safetensors' } },
      'one.safetensors': shard(['a', [1]]),
    },
    'DIR/model.safetensors.index.json names 1 tensors that are not where it says, expected shards that belong to this index; download the index and all its shards again',
  ],
];

test.each(BROKEN_FOLDERS)('folder: %s', (_, files, message) => {
  expect(messageOf(checkpointFolder({ 'model.safetensors': null, ...files }))).toBe(`[weights] ${message}`);
});

test('all missing, misshapen and unreadable tensors are told in one error', () => {
  const kept = Object.entries(fullHeader()).filter(([name]) => !name.endsWith('.wo.weight'));
  const header = layOut(kept.map(([name, { shape }]) => [name, name === NORM ? [2, 2] : shape]));
  header['shared.weight'] = { ...header['shared.weight'], dtype: 'I32' };
  const problem = problemOf(checkpointFolder({ 'model.safetensors': safetensors(header) }));
  expect(problem.scope).toBe('weights');
  expect(problem.message).toContain(
    'has 4 missing or unfit tensors, expected the tensors that its config.json describes',
  );
  expect(problem.details).toEqual([
    'type: shared.weight is I32, expected F32, F16 or BF16',
    'missing: encoder.block.0.layer.1.DenseReluDense.wo.weight [4, 6]',
    `shape: ${NORM} is [2, 2], expected [4]`,
    'missing: decoder.block.0.layer.2.DenseReluDense.wo.weight [4, 6]',
  ]);
});

test('an untied head that is not there is missing', () => {
  const problem = problemOf(checkpointFolder({ 'config.json': { ...CONFIG, tie_word_embeddings: false } }));
  expect(problem.details).toEqual(['missing: lm_head.weight [8, 4]']);
});
