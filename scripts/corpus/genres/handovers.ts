import type { Genre } from '../kind.js';

/** Held out of training: see `splits.ts`. */
export const handovers: Genre = {
  name: 'shift handover',
  layouts: ['log', 'prose', 'prose', 'bullets'],
  heads: [
    'Handover night shift, <date>',
    'From <person> to <person>',
    'Shift book, ward <count 2 20>',
    'Control room <place>, handover at <time>',
    'Late to night, <day>',
  ],
  kinds: [
    {
      name: 'control room',
      slots: (make) => {
        make.all({ line: 'code', from: 'person', to: 'person', when: 'time', order: 'code' });
        make.one('unit', 'line|tank|pump|furnace|reactor|conveyor|silo|compressor');
        make.one(
          'trouble',
          'the pressure drops again and again|the alarm goes off without reason|the valve closes slowly|the temperature is too high|the feed is blocked|the level sensor is stuck|the motor is noisy',
        );
        make.one(
          'todo',
          'read the gauge every hour|keep the speed low|call the electrician if it gets worse|not start the second pump|empty the tray|stay below the limit|check the seal at midnight',
        );
        make.corrected('output', 'many 200 9000');
      },
      facts: [
        '({Unit} {line}: {trouble} since {when}|Since {when}, {trouble} at {unit} {line}|At {unit} {line} {trouble}, first seen at {when}).',
        {
          plain: '(We made {output} units|Output of the shift: {output} units).',
          wrong: '(The screen says {outputWrong} units).',
          right: '(Counted by hand it is {output} units|The right output is {output} units).',
        },
        '(A repair is ordered under {order}|Order {order} is written|Maintenance has order {order}).',
        '({To} has to {todo}|For {to}: {todo}|Please, {to}: {todo}).',
        { last: '(Handed over by {from}|{From} went home after the talk|Signed: {from}).' },
      ],
      summaries: [
        '{From} hands over to {to}: at {unit} {line} {trouble} since {when}, order {order} is open; output {output} units. {To} has to {todo}.',
        '{Unit} {line} needs attention because {trouble}; {to} should {todo}. Output was {output} units.',
        'Since {when}, {trouble} at {unit} {line} (order {order}). Next shift: {todo}.'.replace(
          '(order {order})',
          'under order {order}',
        ),
      ],
      titles: ['{Unit} {line}: {trouble}', 'Handover from {from} to {to}', '{Trouble} at {unit} {line}'],
      fields: { unit: 'line', order: 'order', 'next shift': 'to', output: 'output' },
      labels: { 'place: control room, ward, gate': 'control room' },
    },
    {
      name: 'ward',
      slots: (make) => {
        make.all({ patient: 'titled', room: 'count 2 60', nurse: 'person', doctor: 'titled', next: 'time' });
        make.one(
          'event',
          'fell on the way to the bath|had fever in the evening|refused supper|complained of pain|was moved from surgery|got a new infusion|slept badly|was very confused',
        );
        make.one('drug', 'paracetamol|an antibiotic|a sedative|insulin|fluids|oxygen|a painkiller');
        make.one(
          'watch',
          'the pulse must be taken every hour|the wound has to be checked|the family should be called|a scan is planned|the drip has to be changed|blood is to be taken',
        );
        make.corrected('value', 'decimal');
      },
      facts: [
        '({Patient} in room {room} {event}|Room {room}: {patient} {event}|In room {room}, {patient} {event}).',
        '({Doctor} was called and ordered {drug}|By order of {doctor}, {drug} was given|{Drug} was given on the word of {doctor}).',
        {
          plain: '(The last reading was {value}|Reading at the end of the shift: {value}).',
          wrong: '(The chart shows a reading of {valueWrong}).',
          right: '(This was a slip, the right reading is {value}|Measured again, it was {value}).',
        },
        '(At {next} {watch}|From {next} on {watch}|Next step at {next}: {watch}).',
        { last: '(Report given by {nurse}|{Nurse} ended the shift|Questions to {nurse}).' },
      ],
      summaries: [
        '{Patient} in room {room} {event}; {doctor} ordered {drug}. Last reading {value}; at {next} {watch}.',
        'After {patient} in room {room} {event}, {drug} was given. At {next} {watch}, reports {nurse}.',
        'Room {room}: {patient} {event} and got {drug}; {watch} at {next}.',
      ],
      titles: ['{Patient} {event}', 'Room {room}: {event}', '{Drug} for {patient}'],
      fields: { patient: 'patient', room: 'room', doctor: 'doctor', reading: 'value' },
      labels: { 'place: control room, ward, gate': 'ward' },
    },
  ],
  asides: [
    '(The phones were quiet|Few calls tonight|Many calls until <time>).',
    'The (kitchen|laundry) will (come|deliver) at <time>.',
    '<first> swapped the <day> shift with <first>.',
    '(The lift on the left|Door <count 2 9>) (is being painted|squeaks).',
    'Keys are (complete|in the drawer), <count 8 40> pieces.',
    '(Visitors|A group from <place>) (left|came) at <time>.',
    '(The printer|The screen in the corner) was (exchanged|cleaned).',
    'Stock of (gloves|paper|coffee) is enough until <day>.',
    '(A fire alarm in the next building|The test alarm at <time>) was (harmless|planned).',
    '<first> has (a birthday|the last day) on <date>.',
    'The (weather service|radio) announces <degrees 3 34> and (wind|snow|sun).',
    '(A parcel|A letter) for <person> lies at the desk.',
    'Readings at <time>: all (normal|as usual).',
    '(Car park|Gate <count 2 8>) closed (because of works|for cleaning) until <date>.',
  ],
};
