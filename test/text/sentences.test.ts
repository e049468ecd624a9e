import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../src/text/sentences.js';

function sentencesOf(text: string): string[] {
  return [...splitSentences(text)].map(({ start, end }) => text.slice(start, end));
}

/** Each row is a text's sentences; they are joined by one space unless the row says otherwise. */
const SPACED: readonly (readonly [what: string, ...sentences: string[]])[] = [
  ['plain', 'One is here.', 'Two is there.', 'Three!'],
  ['no stop at the end', 'One is here.', 'And so on'],
  ['a question', 'Who came?', 'Nobody did.'],
  ['several marks', 'What?!', 'No!!', 'Yes...', 'Maybe.'],
  ['titles', 'Mr. Smith met Dr. Jones and Mrs. Brown.', 'They talked.'],
  ['e.g. and i.e.', 'Some fruits, e.g. Apples, i.e. Pommes, are red.', 'Others are not.'],
  ['versus', 'It was Smith vs. Jones.', 'Smith won.'],
  ['a company', 'Acme Inc. Chairman Lee resigned.', 'He left.'],
  ['a company at the end', 'He works for Acme Inc.', 'The pay is good.'],
  ['initials', 'J. K. Rowling wrote it.', 'George W. Bush read it.', 'So did P. Smith.', 'See P. 12 too.'],
  ['initials without a space', 'J.R.R. Tolkien wrote it.', 'We read it.'],
  ['a code that ends in a letter', 'It is under order Z822-B.', 'Next is J.-P. Sartre.', 'Then E-A.', 'Done.'],
  ['a country', 'The U.S. Congress met.', 'It voted.'],
  ['a country at the end', 'He moved to the U.S.', 'She stayed in the U.K.', 'They met.'],
  ['hours', 'We met at 5 p.m. Monday in town.', 'We left at 11 a.m.', 'The end.'],
  ['months', 'It was on Jan. 5 and Dec. 24.', 'Nobody came.'],
  ['a word that looks like a month', 'We looked at the sun.', 'Birds sang.'],
  ['numbered things', 'See No. 5, Fig. 3 and p. 12.', 'Then go on.'],
  ['the answer no', 'She said no.', 'Peter said yes.'],
  ['decimals', 'Pi is 3.14159 or so.', 'E is 2.718.', 'Both are real.'],
  ['money and versions', 'It costs $1.50 in v2.0.1 today.', 'It cost .75 before.'],
  ['a number at the end', 'It happened in 2019.', 'Nobody knew.'],
  ['a list', '1. Open the box.', '2. Take the cat.', '3. Close it.'],
  ['an address of the web', 'See https://example.com/a.b?c=d.e for more.', 'Or www.example.org.', 'Thanks.'],
  ['an address of mail', 'Write to j.doe@example.com today.', 'We answer.'],
  ['file names', 'Open readme.txt and run main.py first.', 'Then wait.'],
  ['an ellipsis that goes on', 'He waited... and waited.', 'Then he left…', 'She stayed… for a while.'],
  ['quotes', 'He said "Go away."', 'She went.'],
  ['curly quotes', '“Is it true?”', '“It is.”', 'They nodded.'],
  ['speech that goes on', '"Really?" she asked.', '"Yes!" he cried.'],
  ['brackets', 'He left (nobody saw it).', '(She did not.)', 'It rained.'],
  ['notes', 'It is known.[1]', 'It was shown.[23]', 'We agree.'],
  ['guillemets', 'Il a dit « Non.»', 'Elle est partie.'],
  ['a name with a mark', 'I use Yahoo! every day.', 'It works.'],
  ['I', 'It was he and I.', 'We knew.'],
  ['etc.', 'Bread, milk, etc. were bought.', 'We ate.'],
  ['emoji', 'Great!🎉', 'We won!👍🏽', 'Bye 👋.'],
  ['emoji before a sentence', 'We won!', '🎉 Party now.'],
  ['German', 'Das gilt z.B. für Dr. Müller bzw. Frau Meier.', 'Es war am 3. Oktober in Nr. 5.', 'Schön.'],
  ['French', 'M. Dupont, p.ex. Pierre, est là.', 'Où est Mme. Curie ?', 'Partie.'],
  ['Spanish', '¿Dónde está el Sr. García?', '¡Aquí estoy!', 'Vale.'],
  ['Russian', 'Это было в 2010 г. и т.е. давно.', 'Что дальше?', 'Ничего.'],
  ['Arabic', 'هل أنت بخير؟', 'نعم، أنا بخير.', 'شكرا!'],
  ['Urdu', 'یہ ایک جملہ ہے۔', 'یہ دوسرا ہے۔'],
  ['Hebrew', 'שלום לכולם.', 'מה שלומכם?', 'טוב.'],
  ['Hindi', 'यह एक वाक्य है।', 'यह दूसरा है।', 'क्या यह तीसरा है?'],
  ['Armenian', 'Սա մեկն է։', 'Սա երկուսն է։'],
  ['Amharic', 'ይህ አንድ ነው።', 'ይህ ሁለት ነው።'],
];

const UNSPACED: readonly (readonly [what: string, ...sentences: string[]])[] = [
  ['Chinese', '今天天气很好。', '你要去哪里？', '我不知道！', '好吧'],
  ['Chinese quotes', '“你好。”', '他走了。'],
  ['Japanese', '猫が好きです。', '犬も好きですか？', 'はい。'],
  ['Japanese speech that goes on', '「そうだ。」と彼は言った。', '終わり。'],
  ['full-width decimals', '値は３．１４です。', '次へ。'],
  ['half-width Japanese', 'ﾈｺ｡', 'ｲﾇ｡'],
  ['Hindi without spaces', 'एक।', 'दो॥', 'तीन।'],
  ['empty lines', 'A heading\n\n', 'Then text that\ngoes on.\n \n', 'Another.'],
];

describe('sentences', () => {
  it.each(SPACED)('%s', (_, ...sentences) => {
    expect(sentencesOf(sentences.join(' '))).toEqual(sentences);
    expect(sentencesOf(`\n  ${sentences.join('\n')}\t`)).toEqual(sentences);
  });

  it.each(UNSPACED)('%s', (_, ...sentences) => {
    expect(sentencesOf(sentences.join(''))).toEqual(sentences.map((sentence) => sentence.trim()));
  });

  it.each(['', ' \n\t ', '\n\n'])('none in %j', (text) => {
    expect(sentencesOf(text)).toEqual([]);
  });

  it('come in order, do not overlap, and leave out nothing but white space', () => {
    const text = [...SPACED, ...UNSPACED].map(([, ...sentences]) => sentences.join(' ')).join('\n');
    let last = 0;
    for (const { start, end } of splitSentences(text)) {
      expect(text.slice(last, start).trim()).toBe('');
      expect(end).toBeGreaterThan(start);
      last = end;
    }
    expect(text.slice(last).trim()).toBe('');
  });

  it('of long texts without an end are found in time', () => {
    const texts = ['a.b'.repeat(200_000), `${'\n '.repeat(200_000)}x`, '. '.repeat(200_000), '"'.repeat(400_000)];
    for (const text of texts) expect(sentencesOf(text).length).toBeGreaterThan(0);
  });
});
