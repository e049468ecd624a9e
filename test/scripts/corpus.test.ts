import { describe, expect, it } from 'vitest';
import { DEFAULT_LENGTHS, documentOf } from '../../scripts/corpus/documents.js';
import { pairOf } from '../../scripts/corpus/pairs.js';
import { genresOf, type Split } from '../../scripts/corpus/splits.js';
import { countWords } from '../../scripts/corpus/story.js';
import { CLASSIFY_PROMPT, EXTRACT_PROMPT } from '../../src/predict/functions/prompts.js';

const COUNT = 400;
const documents = (split: Split) => Array.from({ length: COUNT }, (_, number) => documentOf(split, number));

describe('the generator of documents', () => {
  it('makes a document again from its number alone', () => {
    expect(documentOf('train', 17)).toEqual(documentOf('train', 17));
    expect(documentOf('train', 17, 2).text).not.toBe(documentOf('train', 17, 1).text);
    expect(documentOf('test', 17).text).not.toBe(documentOf('train', 17).text);
  });

  it('keeps to the lengths, and fills in everything', () => {
    for (const { text, summary, title } of [...documents('train'), ...documents('unseen')]) {
      expect(countWords(text)).toBeGreaterThanOrEqual(DEFAULT_LENGTHS.least);
      expect(countWords(text)).toBeLessThanOrEqual(DEFAULT_LENGTHS.most);
      expect(countWords(summary)).toBeGreaterThanOrEqual(12);
      expect(countWords(summary)).toBeLessThanOrEqual(45);
      for (const part of [text, summary, title]) expect(part).not.toMatch(/[{}<>|]|undefined|a_/);
    }
  });

  it('tells in the text every number that the summary tells', () => {
    for (const { text, summary } of documents('train')) {
      const numbers = summary.match(/\d[\d.,:%-]*\d|\d/g) ?? [];
      for (const number of numbers) expect(text).toContain(number);
    }
  });

  it('has no genre of the unseen split among those of training', () => {
    const trained = new Set(genresOf('train').map(({ name }) => name));
    expect(trained.size).toBe(13);
    expect(genresOf('unseen').map(({ name }) => trained.has(name))).toEqual([false, false]);
  });

  it('keeps to the genres that are named, and without any makes what it made before', () => {
    const genres = ['contract', 'order complaint'];
    const some = Array.from(
      { length: 30 },
      (_, number) => pairOf('train', number, 1, DEFAULT_LENGTHS, { genres }).genre,
    );
    expect(new Set(some)).toEqual(new Set(genres));
    const all = genresOf('train').map(({ name }) => name);
    expect(documentOf('train', 5, 1, DEFAULT_LENGTHS, all)).toEqual(documentOf('train', 5));
  });

  it('asks for fields that the text names, and offers the right label among the others', () => {
    for (let number = 0; number < COUNT; number++) {
      const extract = pairOf('train', number, 1, DEFAULT_LENGTHS, { only: 'extract' });
      expect(extract.source.toLowerCase()).toContain(extract.target.toLowerCase());
      const classify = pairOf('train', number, 1, DEFAULT_LENGTHS, { only: 'classify' });
      const labels = /^classify: labels: (.*?) text: /s.exec(classify.source)?.[1].split(', ');
      expect(labels).toContain(classify.target);
    }
  });

  it('asks in the words of the functions that a user calls', () => {
    for (let number = 0; number < COUNT; number++) {
      const { text, fields } = documentOf('train', number);
      const asked = (only: 'extract' | 'classify') => pairOf('train', number, 1, DEFAULT_LENGTHS, { only }).source;
      const questions = Object.keys(fields).map((field) => EXTRACT_PROMPT.replace('{field}', field) + text);
      expect(questions).toContain(asked('extract'));
      const labels = /^classify: labels: (.*?) text: /s.exec(asked('classify'))?.[1] ?? '';
      expect(asked('classify')).toBe(CLASSIFY_PROMPT.replace('{labels}', labels) + text);
    }
  });
});
