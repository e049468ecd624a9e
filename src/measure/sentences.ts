/** Parts of sentences that fit together in any combination. */
const OPENINGS = [
  'On Tuesday',
  'Early in the spring',
  'After a long debate',
  'For the first time in years',
  'According to two reports',
  'Once the storm had passed',
  'In a letter to its members',
  'Without much notice',
  'By the end of the week',
  'To the surprise of many',
];
const SUBJECTS = [
  'the town council',
  'a group of teachers',
  'the regional hospital',
  'a young engineer from the north',
  'the oldest bakery in the street',
  'the crew of the ferry',
  'a small software company',
  'the new museum director',
  'one of the farmers',
  'the railway operator',
  'a team of biologists',
  'the local newspaper',
];
const VERBS = [
  'approved',
  'rejected',
  'presented',
  'compared',
  'explained',
  'repaired',
  'postponed',
  'published',
  'examined',
  'welcomed',
  'described',
  'questioned',
];
const ADJECTIVES = [
  'expensive',
  'careful',
  'unexpected',
  'modest',
  'detailed',
  'popular',
  'risky',
  'temporary',
  'ambitious',
  'familiar',
];
const OBJECTS = [
  'plan for the harbour',
  'budget of the coming year',
  'study of river water',
  'list of broken machines',
  'collection of letters',
  'timetable for night trains',
  'proposal to close two schools',
  'method of storing heat',
  'report on last winter',
  'agreement with its suppliers',
  'map of the flooded fields',
];
const ENDINGS = [
  'although nobody had asked for it',
  'because prices had risen again',
  'and promised a second meeting in June',
  'while the neighbours waited outside',
  'which took almost three hours',
  'but left the most difficult part open',
  'so that work can begin before autumn',
  'even if the figures remain uncertain',
  'as it had done twice before',
];

export function newSentence(random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)];
  const number = 2 + Math.floor(random() * 9000);
  const clause = `${pick(SUBJECTS)} ${pick(VERBS)} the ${pick(ADJECTIVES)} ${pick(OBJECTS)}`;
  const form = Math.floor(random() * 4);
  if (form === 0) return `${pick(OPENINGS)}, ${clause}.`;
  if (form === 1) return `${capital(clause)}, ${pick(ENDINGS)}.`;
  if (form === 2) return `${capital(clause)} for ${number} people, ${pick(ENDINGS)}.`;
  return `${pick(OPENINGS)}, ${clause} of ${number} pages, and ${pick(SUBJECTS)} ${pick(VERBS)} it.`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
