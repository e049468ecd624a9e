import type { Genre } from '../kind.js';

/** Held out of training: see `splits.ts`. */
export const inspections: Genre = {
  name: 'inspection report',
  layouts: ['prose', 'prose', 'numbered', 'bullets'],
  heads: [
    'Inspection report <code>',
    'Inspector: <person>. Date: <date>.',
    'Site visit <place>',
    'Report of the authority, file <code>',
  ],
  kinds: [
    {
      name: 'building',
      slots: (make) => {
        make.all({ inspector: 'person', site: 'street', town: 'place', due: 'date', fine: 'money 200 9000' });
        make.one(
          'fault',
          'blocked escape routes|loose cables|cracks in the ceiling|a broken fire door|mould in the cellar|missing railings|an overloaded socket|a rusted staircase|damaged insulation',
        );
        make.one(
          'order',
          'the rooms must be cleared|an electrician has to be called|the area is closed|the owner has to renew it|an engineer has to judge it|it must be repaired at once',
        );
        make.corrected('count', 'count 3 40');
      },
      facts: [
        '({Inspector} visited the building at {site} in {town}|At {site}, {town}, {inspector} made an inspection|The inspection of {site} in {town} was done by {inspector}).',
        '(The main defect is {fault}|{Fault} was found|{Inspector} found {fault}).',
        {
          plain: '(In all there are {count} defects|{Count} defects were noted).',
          wrong: '(A first list had {countWrong} defects).',
          right:
            '(After the second walk the list has {count} defects|The number was later confirmed as {count} defects).',
        },
        '(As a result {order}|By order of the authority {order}|{Order}).',
        {
          last: '(The deadline is {due}, after which a fine of {fine} is due|If nothing is done by {due}, the fine is {fine}|A fine of {fine} follows if it is not done by {due}).',
        },
      ],
      summaries: [
        '{Inspector} found {count} defects at {site} in {town}, above all {fault}; {order} by {due}, or a fine of {fine} is due.',
        'At {site}, {town}, {fault} and other defects ({count} in all) were found. {Order}; deadline {due}.'.replace(
          '({count} in all)',
          ', {count} in all,',
        ),
        '{Fault} at {site}: {order} by {due}, otherwise {fine} have to be paid.',
      ],
      titles: ['{Fault} at {site}', '{Count} defects at {site}', 'Inspection in {town}: {fault}'],
      fields: { inspector: 'inspector', address: 'site', deadline: 'due', fine: 'fine', defects: 'count' },
      labels: { 'object: building, kitchen, vehicle': 'building' },
    },
    {
      name: 'kitchen',
      slots: (make) => {
        make.all({ inspector: 'person', owner: 'company', town: 'place', next: 'date', heat: 'degrees 9 22' });
        make.one(
          'fault',
          'meat was stored too warm|the cooling records are missing|traces of mice were seen|the hand basin is broken|labels were changed|raw and cooked food lay together|the extractor is dirty',
        );
        make.one('grade', 'grade C|grade D|two points of five|a yellow card|not passed');
        make.one(
          'good',
          'the staff were well trained|the floors were clean|the stock was fresh|the papers were in order',
        );
        make.corrected('weight', 'kilos 4 300');
      },
      facts: [
        '(In the kitchen of {owner} in {town}, {fault}|At {owner}, {town}, {fault}|{Inspector} noted at {owner} in {town} that {fault}).',
        '(The thermometer showed {heat}|{Heat} were measured in the cold room).',
        {
          plain: '({Weight} of food had to be thrown away|{Weight} were destroyed).',
          wrong: '(The note says {weightWrong} of food were destroyed).',
          right: '(The scale later showed {weight}|The weight was corrected to {weight}).',
        },
        '(On the good side, {good}|{Inspector} praised that {good}|Positive: {good}).',
        {
          last: '(The result is {grade}, and the next visit is on {next}|Result: {grade}. Next visit: {next}|With {grade}, a second visit follows on {next}).',
        },
      ],
      summaries: [
        '{Owner} in {town} got {grade} because {fault}; {weight} of food were destroyed, and the next visit is on {next}.',
        '{Inspector} found at {owner} that {fault} at {heat}, and {weight} had to be thrown away. Result: {grade}; next visit {next}.',
        'Inspection of {owner}: {fault}, though {good}. {Grade}, next visit {next}.',
      ],
      titles: ['{Owner}: {fault}', '{Grade} for {owner}', 'Kitchen inspection in {town}'],
      fields: { inspector: 'inspector', company: 'owner', 'next visit': 'next', temperature: 'heat' },
      labels: { 'object: building, kitchen, vehicle': 'kitchen' },
    },
  ],
  asides: [
    'The visit began at <time> and was (announced|not announced).',
    '<person> (opened the doors|showed the way|was present).',
    '(The last inspection|An earlier visit) was in <month> <year>.',
    'The (building|house) was built in <year> and has <few> floors.',
    'Photos <count 2 30> to <count 31 90> are (attached|in the file).',
    '(The weather was|It was) (dry|rainy), <degrees 3 30>.',
    'The legal basis is section <count 2 90> of the (code|order) of <year>.',
    '(A copy|One copy) goes to <company> and to the office in <place>.',
    '(The fire extinguishers|The first-aid box) (were|was) checked in <month>.',
    'Insurance is with <company>.',
    '(Neighbours|Tenants) were not (asked|heard).',
    'The fee for the visit is <money 60 400>.',
    '(Drawings|Plans) from <year> were (shown|missing but not needed).',
    '(Appeals|Objections) can be made within <days 10 40>.',
  ],
};
