import { type Draw, draws } from './draws.js';
import type { Rng } from './rng.js';

/** The facts of one document by name: what its text says of them, its summary says in the same letters. */
export type Slots = Readonly<Record<string, string>>;

/**
 * One wording of a template:
 *   (a|b|c)       one of these, which may hold templates; an empty one says nothing
 *   {name}        a slot; {Name} the same with a capital letter
 *   <draw 3 9>    something made up on the spot, which no one else in the document knows of
 *   a_            "a" or "an", as the next word wants it
 */
export function word(template: string, slots: Slots, rng: Rng): string {
  return tidy(expand(template, slots, rng));
}

function expand(template: string, slots: Slots, rng: Rng): string {
  let text = '';
  for (let at = 0; at < template.length; ) {
    const char = template[at];
    if (char === '(') {
      const end = closing(template, at);
      text += expand(rng.pick(alternatives(template.slice(at + 1, end))), slots, rng);
      at = end + 1;
    } else if (char === '{') {
      const end = template.indexOf('}', at);
      text += slotText(template.slice(at + 1, end), slots, template);
      at = end + 1;
    } else if (char === '<') {
      const end = template.indexOf('>', at);
      text += drawn(template.slice(at + 1, end), rng, template);
      at = end + 1;
    } else {
      text += char;
      at++;
    }
  }
  return text;
}

function slotText(name: string, slots: Slots, template: string): string {
  const lower = name[0].toLowerCase() + name.slice(1);
  const value = slots[name] ?? slots[lower];
  if (value === undefined) throw new Error(`no slot ${name} for the template ${template}`);
  return slots[name] === undefined ? value[0].toUpperCase() + value.slice(1) : value;
}

function drawn(call: string, rng: Rng, template: string): string {
  const [name, ...numbers] = call.split(' ');
  const draw: Draw | undefined = draws[name];
  if (!draw) throw new Error(`no draw ${name} for the template ${template}`);
  return draw(rng, ...numbers.map(Number));
}

function closing(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at++) {
    if (template[at] === '(') depth++;
    if (template[at] === ')' && --depth === 0) return at;
  }
  throw new Error(`a bracket stays open in the template ${template}`);
}

/** The parts between the bars that are not inside inner brackets. */
function alternatives(inside: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const char of inside) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function tidy(text: string): string {
  const whole = text
    .replace(
      /\b([Aa])_ ?(?=(\S))/g,
      (_, article: string, next: string) => `${article}${/[aeiouAEIO8]/.test(next) ? 'n' : ''} `,
    )
    .replace(/ +/g, ' ')
    .replace(/ ([,.;:?!])/g, '$1')
    .replace(/,\./g, '.')
    .replace(/\.\./g, '.')
    .trim();
  return whole === '' ? '' : whole[0].toUpperCase() + whole.slice(1);
}
