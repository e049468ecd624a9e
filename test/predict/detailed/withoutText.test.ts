import { expect, it } from 'vitest';
import { reasonWithoutText, withoutText } from '../../../src/predict/texts/withoutText.js';

const TEXT = 'Dear Anna Miller, invoice K-77193 over 48 euros is due;\nplease pay';

it.each([
  ['plain words stay', 'session failed with code 7', 'session failed with code 7'],
  [
    'a quotation goes',
    'Unexpected token \'D\', "Dear Anna M"... is not JSON',
    'Unexpected token \'...\', "..."... is not JSON',
  ],
  ['over a line break too', 'found "euros is due; please" here', 'found "..." here'],
  ['in any quotes and any case', "no “anna miller”, no `K-77193`, no 'pay'", "no “...”, no `...`, no '...'"],
  ['quotations of something else stay', 'no column "titel" here', 'no column "titel" here'],
  ['numbers and codes go', 'bad value K-77193 (48)', 'bad value ... (...)'],
  ['a long stretch goes', 'cannot bill Anna Miller, invoice today', 'cannot bill...today'],
  ['one line', 'a\n  b', 'a b'],
])('%s', (_, message, expected) => {
  expect(withoutText(message, [TEXT])).toBe(expected);
});

it('keeps the scope, and what is too long is cut', () => {
  expect(reasonWithoutText('[function] mine said "Anna"', [TEXT])).toBe('[function] mine said "..."');
  expect(reasonWithoutText('said "Anna"', [TEXT])).toBe('[engine] said "..."');
  expect(withoutText('x'.repeat(5000), [TEXT]).length).toBeLessThan(310);
});
