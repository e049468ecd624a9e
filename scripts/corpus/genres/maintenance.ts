import type { Genre } from '../kind.js';

export const maintenance: Genre = {
  name: 'maintenance log',
  layouts: ['log', 'log', 'prose', 'prose', 'bullets', 'numbered'],
  heads: [
    'Work order <code>',
    'Maintenance log, plant <place>',
    'Technician: <person>. Shift <few>.',
    'Log of <date>',
    'Asset book, page <count 3 200>',
  ],
  kinds: [
    {
      name: 'repair',
      slots: (make) => {
        make.all({ asset: 'code', tech: 'person', stop: 'time', part: 'code', supplier: 'company' });
        make.one(
          'machine',
          'pump|conveyor|boiler|compressor|lift|crane|press|mixer|fan|chiller|generator|lathe|oven|packing robot|forklift|turbine|filter unit|welding cell',
        );
        make.one(
          'sign',
          'loud knocking|smoke|oil on the floor|a burnt smell|strong vibration|loss of pressure|overheating|a blocked drive|a tripped fuse|grinding noise',
        );
        make.one(
          'cause',
          'a worn bearing|a cracked seal|a loose coupling|a clogged filter|a broken belt|a torn hose|a burnt coil|a bent shaft|a stuck valve|a corroded contact|a missing bolt|a defective sensor',
        );
        make.one('work', 'replaced|swapped|renewed|exchanged');
        make.corrected('loss', 'span');
        make.draw('cost', 'money 60 9000');
      },
      facts: [
        '({Machine} {asset} was stopped at {stop} after {sign}|At {stop}, {sign} was noticed at {machine} {asset} and it was stopped|{Sign} at {machine} {asset}; stopped at {stop}).',
        '({Tech} opened it and found {cause}|The reason was {cause}, as {tech} found|Inspection by {tech} showed {cause}).',
        '(The part was {work}, number {part} from {supplier}|Part {part} by {supplier} was fitted|{Supplier} delivered part {part}, which was built in).',
        {
          plain: '(Lost production: {loss}|The machine stood still for {loss}|Downtime was {loss}).',
          wrong: '(The shift book says {lossWrong} of downtime|Downtime was first entered as {lossWrong}).',
          right:
            '(Corrected by the shift lead: downtime was {loss}|The entry was corrected to {loss}|According to the counter it stood still for {loss}).',
        },
        '(Parts and labour came to {cost}|The repair cost {cost}|Cost of the repair: {cost}).',
      ],
      summaries: [
        '{Machine} {asset} stopped at {stop} because of {cause}; {tech} fitted part {part}. Downtime {loss}, cost {cost}.',
        '{Tech} repaired {machine} {asset} after {sign}: {cause} was {work} for {cost}, with {loss} of downtime.',
        '{Cause} stopped {machine} {asset} for {loss}; part {part} from {supplier} was fitted at a cost of {cost}.',
      ],
      titles: [
        'Repair of {machine} {asset}: {cause}',
        '{Machine} {asset} stopped by {cause}',
        '{Cause} at {machine} {asset}',
      ],
      fields: { machine: 'machine', asset: 'asset', technician: 'tech', part: 'part', cost: 'cost', downtime: 'loss' },
      labels: { 'kind of work: repair, service, calibration': 'repair' },
    },
    {
      name: 'service',
      slots: (make) => {
        make.all({ asset: 'code', tech: 'person', hours: 'many 500 20000', next: 'date', place: 'place' });
        make.one(
          'machine',
          'lift|boiler|air handler|sprinkler system|emergency generator|escalator|gate|heat pump|water softener|fire door|cooling tower|truck|tractor|ferry engine|pump station',
        );
        make.one(
          'work',
          'oil and filters were changed|all nozzles were cleaned|the belts were tightened|the brakes were adjusted|the batteries were renewed|the water was treated|the chains were greased|the firmware was updated',
        );
        make.one(
          'finding',
          'slight rust on the frame|a cracked cover|a hairline crack in the mount|worn brake pads|a low battery|a leaking joint|a missing sign|play in the bearing|deposits in the tank',
        );
        make.one(
          'advice',
          'replaced within a month|watched|renewed at the next service|repaired before winter|painted|reported to the maker|tightened again after a week',
        );
        make.corrected('duration', 'span');
      },
      facts: [
        '({Tech} carried out the yearly service of {machine} {asset} in {place}|Service of {machine} {asset}, {place}, by {tech}|In {place}, {machine} {asset} was serviced by {tech}).',
        '(The counter stood at {hours} hours|At {hours} running hours|Running time so far: {hours} hours).',
        '(As planned, {work}|During the service {work}|{Work}).',
        '({Finding} was found and should be {advice}|One finding: {finding}, to be {advice}|Attention: {finding}; it has to be {advice}).',
        {
          plain: '(The work took {duration}|It was out of use for {duration}).',
          wrong: '(Planned time was {durationWrong}|The sheet says {durationWrong}).',
          right: '(In the end it took {duration}|It really took {duration}|The time was corrected to {duration}).',
        },
        { last: '(Next service: {next}|The next service is due on {next}|To be serviced again on {next}).' },
      ],
      summaries: [
        '{Tech} serviced {machine} {asset} in {place} at {hours} hours: {work}; {finding} should be {advice}. Next service {next}.',
        'Service of {machine} {asset} took {duration}; {finding} was found and is to be {advice}. Next due {next}.',
        '{Machine} {asset} in {place} was serviced, {work}; {finding} must be {advice}, and the next service is {next}.',
      ],
      titles: ['Service of {machine} {asset}', '{Machine} {asset}: {finding}', 'Yearly service in {place}'],
      fields: {
        machine: 'machine',
        asset: 'asset',
        technician: 'tech',
        'running hours': 'hours',
        'next service': 'next',
      },
      labels: { 'kind of work: repair, service, calibration': 'service' },
    },
    {
      name: 'calibration',
      slots: (make) => {
        make.all({ asset: 'code', tech: 'person', certificate: 'code', due: 'date', before: 'percent 2 30' });
        make.one(
          'machine',
          'scale|pressure gauge|flow meter|thermometer|torque wrench|gas detector|pH probe|level sensor|dose meter|speed sensor|oscilloscope|caliper',
        );
        make.one('deed', 'adjusted|set anew|recalibrated|corrected');
        make.one(
          'cause',
          'a drop on the floor|ageing|a wrong reference|moisture|an earlier repair|strong heat|dust in the housing',
        );
        make.corrected('affected', 'count 4 400');
      },
      facts: [
        '({Tech} checked {machine} {asset} and found a deviation of {before}|{Machine} {asset} was off by {before} when {tech} checked it|A deviation of {before} was measured by {tech} at {machine} {asset}).',
        '(It was probably due to {cause}|The likely reason is {cause}|{Cause} seems to be the cause).',
        {
          plain:
            '({Affected} measurements have to be repeated|All {affected} measurements since the last check are in doubt).',
          wrong:
            '(It was said that {affectedWrong} measurements must be repeated|The first list had {affectedWrong} doubtful measurements).',
          right:
            '(Quality reduced this to the right number, {affected} measurements|After a look at the dates it is {affected} measurements|The list was corrected: {affected} measurements).',
        },
        '(The device was {deed} and got certificate {certificate}|Certificate {certificate} was issued after it was {deed}|It was {deed}; certificate {certificate}).',
        { last: '(The next calibration is due {due}|Valid until {due}|To be checked again by {due}).' },
      ],
      summaries: [
        '{Machine} {asset} was off by {before}, probably because of {cause}; {tech} {deed} it (certificate {certificate}) and {affected} measurements must be repeated.'.replace(
          '(certificate {certificate})',
          'under certificate {certificate}',
        ),
        '{Tech} found {machine} {asset} off by {before}. It was {deed}, valid until {due}; {affected} measurements are in doubt.',
        'A deviation of {before} at {machine} {asset} puts {affected} measurements in doubt; {deed} with certificate {certificate}.',
      ],
      titles: [
        '{Machine} {asset} off by {before}',
        'Calibration of {machine} {asset}',
        '{Affected} measurements in doubt',
      ],
      fields: {
        device: 'machine',
        asset: 'asset',
        technician: 'tech',
        certificate: 'certificate',
        deviation: 'before',
      },
      labels: { 'kind of work: repair, service, calibration': 'calibration' },
    },
  ],
  asides: [
    '(Weather|Outside temperature): <degrees 3 34>, (dry|light rain|windy).',
    'The (spare parts store|tool room) was (counted|tidied) by <first>.',
    '(Delivery|A pallet) from <company> (arrived at <time>|came <days 2 6> late) and was put in row <count 2 40>.',
    '(The trainee <first> helped|The trainee <first> wrote the labels).',
    '(Lamp|Light) in hall <count 2 20> (replaced|flickers, reported).',
    'Meter reading (water|power): <many 2000 90000>.',
    '(Machine|Line) <code> (ran without stops|was idle all day|is rented until <month>).',
    '(Safety talk|Short briefing) at <time>, <count 4 30> people.',
    '(The contract with <company>|The insurance) (was mentioned|is with the office).',
    '(Floor|Hall <count 2 12>) (swept|washed|painted).',
    '<person> from (the maker|<company>) (visited|called) about (another machine|an offer).',
    'Pressure at the main line <decimal> bar, as always.',
    'The key for the (cabinet|roof) is (back|with <first>).',
    '(Photos|Two photos) are in folder <code>.',
    '(Noise|Humidity) was measured in hall <few> and is (normal|within limits).',
    'The old (drawing|manual) of <year> was (scanned|found).',
    '(Coffee machine repaired|The kitchen tap drips again).',
  ],
};
