import type { Rng } from './rng.js';

const ONSETS =
  'b br c cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sh sk sl sm sn sp st str t th tr v w wr y z'.split(
    ' ',
  );
const VOWELS = 'a e i o u ae ai ea ee ia ie io oa oo ou'.split(' ');
const CODAS =
  'b ck d f g k l ld lf lk ll lm ln lt m mp n nd ng nk nn nt p r rd rk rl rm rn rs rt s sk ss st t th v x z'.split(' ');

const FIRST_ENDINGS =
  'a an ana ar ara el ela en ena eth ia ian ie ik in ina ine is ka la lin lle lo ma mir na ne nia o on or ra ric ro sa ta us va y'.split(
    ' ',
  );
const LAST_ENDINGS =
  'ander berg borne by cott dale dan den don er erly ett ev field ford gar gate ham hart holm ic ing ington ison ka ke ker land le ley lin lock man mann more nell ner ney o ov quist rell ridge rick sen shaw skar ski son stead stein ston thorpe ton vale vic ward way well wick win wood worth'.split(
    ' ',
  );
const PLACE_ENDINGS =
  'bridge brook burg bury by combe dale den field ford gate ham haven holt hurst ick lake land ley mere minster mond mouth ness port shore side stead stow ton vale view ville wick wold worth'.split(
    ' ',
  );
const COMPANY_TAILS =
  'Logistics|Freight|Systems|Foods|Textiles|Energy|Medical|Labs|Networks|Retail|Tools|Plastics|Metals|Marine|Rail|Water|Paper|Glass|Print|Optics|Dairy|Motors|Software|Analytics|Hosting|Insurance|Holdings|Partners|Group|Components|Packaging|Chemicals|Furniture|Audio|Robotics|Security|Catering|Builders|Interiors|Sensors'.split(
    '|',
  );
const PRODUCT_TAILS = 'One|Two|Pro|Max|Air|Lite|Plus|Core|Go|Edge|Mini|XL|S|Neo|Flex|Duo|Prime|Base|Home|Works'.split(
  '|',
);

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** A root that reads like a word: hundreds of thousands of them, so that none is learned by heart. */
function root(rng: Rng, closed: boolean): string {
  const syllable = rng.pick(ONSETS) + rng.pick(VOWELS.slice(0, rng.chance(0.8) ? 5 : VOWELS.length));
  return closed ? syllable + rng.pick(CODAS) : syllable;
}

export function firstName(rng: Rng): string {
  return capital(root(rng, rng.chance(0.6)) + rng.pick(FIRST_ENDINGS));
}

export function lastName(rng: Rng): string {
  const begin = rng.chance(0.15) ? rng.pick(['Mc', "O'", 'Van ', 'De ', 'Al-', 'Fitz']) : '';
  const name = capital(root(rng, rng.chance(0.75)) + rng.pick(LAST_ENDINGS));
  return begin + name;
}

export function place(rng: Rng): string {
  const name = capital(root(rng, true) + rng.pick(PLACE_ENDINGS));
  if (rng.chance(0.8)) return name;
  return `${rng.pick(['Port', 'North', 'South', 'East', 'West', 'Upper', 'Lower', 'New', 'Old', 'Great', 'Saint'])} ${name}`;
}

export function company(rng: Rng): string {
  const name = capital(root(rng, rng.chance(0.5)) + rng.pick(rng.chance(0.5) ? LAST_ENDINGS : FIRST_ENDINGS));
  if (rng.chance(0.1)) return `${name} & ${lastName(rng)}`;
  return `${name} ${rng.pick(COMPANY_TAILS)}`;
}

export function product(rng: Rng): string {
  const name = capital(root(rng, rng.chance(0.5)) + rng.pick(FIRST_ENDINGS));
  return rng.chance(0.5) ? `${name} ${rng.pick(PRODUCT_TAILS)}` : `${name} ${letters(rng, 1)}${rng.int(10, 990)}`;
}

export function letters(rng: Rng, count: number): string {
  return Array.from({ length: count }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ'[rng.int(0, 23)]).join('');
}

export function digits(rng: Rng, count: number): string {
  return Array.from({ length: count }, (_, at) => String(rng.int(at === 0 ? 1 : 0, 9))).join('');
}
