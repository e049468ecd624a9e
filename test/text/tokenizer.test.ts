import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../src/text/tokenizer.js';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const REAL_T5 = path.resolve(import.meta.dirname, '../../../shared/t5');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-text-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Cases {
  encode: { text: string; ids: number[]; limit: number; cut: number[] }[];
  decode: { ids: number[]; text: string }[];
}

/** Ids and texts of Hugging Face's tokenizers, made by scripts/fixtures/make_tokenizer_cases.py. */
const suites = [
  { name: 'a small Unigram', dir: path.join(FIXTURES, 'tokenizer'), file: 'small-cases.json', vocabSize: 1024 },
  { name: 'bytes', dir: path.join(FIXTURES, 'bytes'), file: 'bytes-cases.json', vocabSize: 384 },
  { name: "T5's own", dir: REAL_T5, file: 't5-cases.json', vocabSize: 32128 },
];

for (const { name, dir, file, vocabSize } of suites) {
  const missing = !existsSync(dir);
  if (missing) console.log(`skipped: ${dir} is not on this machine`);
  describe.skipIf(missing)(`${name}: equal to Hugging Face`, () => {
    const cases = JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8')) as Cases;
    const tokenizer = missing ? null! : openTokenizer(dir, { vocabSize });

    it('whole texts', () => {
      expect(cases.encode.length).toBeGreaterThan(180);
      for (const { text, ids } of cases.encode) {
        const encoded = tokenizer.encode(text, { maxTokens: 1_000_000 });
        expect({ text, ids: [...encoded.ids], truncated: encoded.truncated }).toEqual({ text, ids, truncated: false });
      }
    });

    it('cut texts, which keep the end token', () => {
      for (const { text, limit, cut, ids } of cases.encode) {
        const encoded = tokenizer.encode(text, { maxTokens: limit });
        const expected = { text, ids: cut, truncated: ids.length > limit };
        expect({ text, ids: [...encoded.ids], truncated: encoded.truncated }).toEqual(expected);
      }
    });

    it('decoding without special tokens', () => {
      for (const { ids, text } of cases.decode) expect({ ids, text: tokenizer.decode(ids) }).toEqual({ ids, text });
    });
  });
}

const small = () => openTokenizer(path.join(FIXTURES, 'tokenizer'), { vocabSize: 1024 });

describe('documents of every kind', () => {
  it('nothing but the end token comes of an empty document and of spaces', () => {
    for (const text of ['', ' ', ' \n\t ']) expect([...small().encode(text).ids]).toEqual([1]);
  });

  it('a lone surrogate is read as the replacement character', () => {
    for (const dir of ['tokenizer', 'bytes']) {
      const tokenizer = openTokenizer(path.join(FIXTURES, dir), { vocabSize: 1024 });
      expect([...tokenizer.encode('a\ud800b 🎉\udc00').ids]).toEqual([...tokenizer.encode('a\ufffdb 🎉\ufffd').ids]);
    }
  });

  it('the prefix is a part of the text', () => {
    expect([...small().encode('the council', { prefix: 'summarize: ' }).ids]).toEqual([
      ...small().encode('summarize: the council').ids,
    ]);
  });

  it.each(['The council approved 17 budgets, again.', '日本語。', '🎉 e\u0301'])(
    '100,000 times %s: cut early, cut right',
    (unit) => {
      const tokenizer = small();
      const head = tokenizer.encode(unit.repeat(500), { maxTokens: 400 });
      const whole = tokenizer.encode(unit.repeat(100_000), { maxTokens: 400 });
      expect([...whole.ids]).toEqual([...head.ids]);
      expect(tokenizer.encode(`${unit} `.repeat(100_000), { maxTokens: 400 }).truncated).toBe(true);
    },
  );

  it('keeps the end of the text where the tokenizer cuts on the left', () => {
    const dir = copyOfSmall('left', (files) => {
      files.config.truncation_side = 'left';
    });
    const all = [...small().encode('The council approved a new budget.').ids];
    const encoded = openTokenizer(dir, { vocabSize: 1024 }).encode('The council approved a new budget.', {
      maxTokens: 5,
    });
    expect([...encoded.ids]).toEqual(all.slice(-5));
  });

  it('takes the limit of the tokenizer only when it is one', () => {
    const limitOf = (limit: unknown) =>
      openTokenizer(
        copyOfSmall(`limit-${limit}`, (files) => {
          files.config.model_max_length = limit;
        }),
        { vocabSize: 1024 },
      ).defaultMaxTokens;
    expect([limitOf(77), limitOf(1e30), limitOf(undefined)]).toEqual([77, 512, 512]);
  });

  it('another form of the same tokenizer goes through the library and agrees on plain text', () => {
    const dir = copyOfSmall('library', ({ json }) => {
      json.normalizer = { type: 'Sequence', normalizers: [json.normalizer, { type: 'NFC' }] };
    });
    const tokenizer = openTokenizer(dir, { vocabSize: 1024 });
    for (const text of ['The council approved a new budget, and left.', 'a</s>b', '']) {
      const own = small().encode(text, { maxTokens: 8 });
      const other = tokenizer.encode(text, { maxTokens: 8 });
      expect({ text, ids: [...other.ids], truncated: other.truncated }).toEqual({
        text,
        ids: [...own.ids],
        truncated: own.truncated,
      });
      expect(tokenizer.decode(other.ids)).toBe(small().decode(own.ids));
    }
  });
});

describe('folders that cannot be used', () => {
  const open =
    (dir: string, vocabSize = 1024) =>
    () =>
      openTokenizer(dir, { vocabSize });

  it('no tokenizer.json', () => {
    const dir = copyOfSmall('missing');
    rmSync(path.join(dir, 'tokenizer.json'));
    expect(open(dir)).toThrow(`[tokenizer] ${path.join(dir, 'tokenizer.json')} is missing`);
  });

  it.each([
    ['{"model":', 'does not parse'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'is a Git-LFS pointer'],
    ['[]', 'is not a JSON object'],
    ['{}', 'is malformed'],
    ['{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",0]]},"added_tokens":[{"id":-1}]}', 'is malformed'],
    ['{"model":{"type":"Nonsense"}}', 'cannot be used'],
  ])('tokenizer.json holds %s', (content, message) => {
    const dir = copyOfSmall(`content-${message}`);
    writeFileSync(path.join(dir, 'tokenizer.json'), content);
    expect(open(dir)).toThrow(`[tokenizer] ${path.join(dir, 'tokenizer.json')} ${message}`);
  });

  it.each([
    [
      'a charsmap that is cut off',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: 'ALQCAAAA' } },
      'precompiled_charsmap',
    ],
    ['a vocabulary of numbers', { model: { type: 'Unigram', unk_id: 0, vocab: [1, 2] } }, 'model.vocab[0]'],
    ['no unknown token', { model: { type: 'Unigram', unk_id: null, vocab: [['a', -1]] } }, 'model.unk_id'],
  ])('%s', (name, parts, message) => {
    const dir = copyOfSmall(name, ({ json }) => Object.assign(json, parts));
    expect(open(dir)).toThrow(message);
  });

  it('more ids than the embedding has rows', () => {
    const dir = path.join(FIXTURES, 'tokenizer');
    const { vocabSize } = small();
    expect(open(dir, vocabSize)).not.toThrow();
    expect(open(dir, vocabSize - 1)).toThrow(
      `[tokenizer] ${path.join(dir, 'tokenizer.json')} has token ids up to ${vocabSize - 1}, expected ids below ${vocabSize - 1}`,
    );
    expect(open(path.join(FIXTURES, 'bytes'), 259)).toThrow('token ids up to 383');
  });
});

interface EditableFiles {
  json: Record<string, unknown>;
  config: Record<string, unknown>;
}

function copyOfSmall(name: string, edit?: (files: EditableFiles) => void): string {
  const dir = path.join(scratch, name.replace(/\W/g, '-'));
  cpSync(path.join(FIXTURES, 'tokenizer'), dir, { recursive: true });
  if (!edit) return dir;
  const read = (file: string) => JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as Record<string, unknown>;
  const files = { json: read('tokenizer.json'), config: read('tokenizer_config.json') };
  edit(files);
  writeFileSync(path.join(dir, 'tokenizer.json'), JSON.stringify(files.json));
  writeFileSync(path.join(dir, 'tokenizer_config.json'), JSON.stringify(files.config));
  return dir;
}
