import { word } from './grammar.js';
import { type Fact, type Genre, type Kind, type Layout, Maker } from './kind.js';
import type { Rng } from './rng.js';

export interface Story {
  readonly genre: string;
  readonly kind: string;
  readonly text: string;
  readonly summary: string;
  readonly title: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** The share of documents whose corrections are told in two places. */
const CORRECTED = 0.45;
const HEADED = 0.5;
/** What a document may have beyond its target: the rest of the last aside, and a head. */
const LAST_WORDS = 40;

/** One document. Its facts keep a drawn order, asides fill what is left of its length. */
export function tell(genre: Genre, rng: Rng, lengths: Lengths): Story {
  const kind = rng.pick(genre.kinds);
  const maker = new Maker(rng);
  kind.slots(maker);
  const { slots } = maker;
  const say = (template: string) => word(template, slots, rng);

  const most = Math.max(lengths.least, lengths.most - LAST_WORDS);
  const target = Math.round(Math.exp(Math.log(lengths.least) + rng.unit() * Math.log(most / lengths.least)));
  const layout = rng.pick(genre.layouts);
  const told = arrange(kind.facts, rng).map(say);
  const sentences = withAsides(told, genre, { target, marks: layout === 'prose' ? 0 : 1 }, rng, say);
  const head = rng.chance(HEADED) ? `${say(rng.pick(genre.heads))}\n` : '';
  const text = head + laidOut(sentences, layout, rng);
  const lower = text.toLowerCase();
  const place = (slot: string) => lower.indexOf(slots[slot].toLowerCase());
  const isTold = (slot: string) => place(slot) >= 0;
  const toldOnly = (templates: readonly string[]) => templates.filter((template) => slotsOf(template).every(isTold));
  return {
    genre: genre.name,
    kind: kind.name,
    text,
    summary: say(chosen(toldOnly(kind.summaries), kind, place)),
    title: say(chosen(toldOnly(kind.titles), kind, place)).replace(/\.$/, ''),
    fields: Object.fromEntries(
      Object.entries(kind.fields)
        .filter(([, slot]) => isTold(slot))
        .map(([field, slot]) => [field, slots[slot]]),
    ),
    labels: Object.fromEntries(
      Object.entries(kind.labels).map(([asked, answer]) => [asked, plain(answer, kind, slots)]),
    ),
  };
}

/**
 * The one that begins with what the text tells first: a summary that follows from its text can be learned, one that is drawn can only be guessed. A wording may
 * leave a fact out of the text; a summary that tells it would ask the model to invent, so it is not among the templates.
 */
function chosen(templates: readonly string[], kind: Kind, place: (slot: string) => number): string {
  if (templates.length === 0) throw new Error(`every summary or title of ${kind.name} tells what a text may leave out`);
  const openings = templates.map((template) => {
    const [first] = slotsOf(template);
    return first === undefined ? Number.POSITIVE_INFINITY : place(first);
  });
  return templates[openings.indexOf(Math.min(...openings))];
}

function slotsOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name[0].toLowerCase() + name.slice(1));
}

/** The facts' templates in the order in which the text tells them. */
function arrange(facts: readonly Fact[], rng: Rng): string[] {
  const first: string[] = [];
  const last: string[] = [];
  const free: string[] = [];
  const corrections: [string, string][] = [];
  for (const fact of facts) {
    if (typeof fact === 'string') free.push(fact);
    else if ('first' in fact) first.push(fact.first);
    else if ('last' in fact) last.push(fact.last);
    else if (rng.chance(CORRECTED)) corrections.push([fact.wrong, fact.right]);
    else free.push(fact.plain);
  }
  // Half of the genres' writers keep to the order of events, the others do not.
  const middle = rng.chance(0.5) ? free : rng.shuffled(free);
  for (const [wrong, right] of corrections) {
    const at = rng.int(0, Math.floor(middle.length / 2));
    middle.splice(at, 0, wrong);
    middle.splice(rng.int(at + 1, middle.length), 0, right);
  }
  return [...first, ...middle, ...last];
}

function withAsides(
  told: readonly string[],
  genre: Genre,
  { target, marks }: { readonly target: number; readonly marks: number },
  rng: Rng,
  say: (template: string) => string,
): string[] {
  const asides: string[] = [];
  const pool = rng.shuffled(genre.asides);
  let words = told.reduce((sum, sentence) => sum + countWords(sentence) + marks, 0);
  for (let at = 0; words < target; at++) {
    const aside = say(pool[at % pool.length]);
    asides.push(aside);
    words += countWords(aside) + marks;
  }
  // Asides go in groups of one to three, as paragraphs that speak of something else do.
  const places = new Map<number, string[]>();
  for (let at = 0; at < asides.length; ) {
    const group = asides.slice(at, at + rng.int(1, 3));
    const place = rng.int(rng.chance(0.3) ? 0 : 1, told.length);
    places.set(place, [...(places.get(place) ?? []), ...group]);
    at += group.length;
  }
  const sentences: string[] = [];
  for (let at = 0; at <= told.length; at++) {
    sentences.push(...(places.get(at) ?? []));
    if (at < told.length) sentences.push(told[at]);
  }
  return sentences;
}

function laidOut(sentences: readonly string[], layout: Layout, rng: Rng): string {
  if (layout === 'bullets') return sentences.map((sentence) => `- ${sentence}`).join('\n');
  if (layout === 'numbered') return sentences.map((sentence, at) => `${at + 1}. ${sentence}`).join('\n');
  if (layout === 'log') return logLines(sentences, rng);
  const paragraphs: string[] = [];
  for (let at = 0; at < sentences.length; ) {
    const length = rng.int(2, 5);
    paragraphs.push(sentences.slice(at, at + length).join(' '));
    at += length;
  }
  return paragraphs.join(rng.chance(0.7) ? '\n\n' : ' ');
}

/** Times that go forward, as in a book that is written during the day. */
function logLines(sentences: readonly string[], rng: Rng): string {
  let minute = rng.int(300, 700);
  const two = (value: number) => String(value).padStart(2, '0');
  return sentences
    .map((sentence) => {
      minute += rng.int(2, 20);
      return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)} ${sentence}`;
    })
    .join('\n');
}

function plain(answer: string, kind: Kind, slots: Readonly<Record<string, string>>): string {
  return answer.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (slots[name] === undefined) throw new Error(`${kind.name} has no slot ${name}`);
    return slots[name];
  });
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter((part) => part !== '').length;
}
