import type { Genre } from '../kind.js';

const SUBJECT = 'subject of the analysis: water, material, food, soil';
const VERDICT = 'verdict: passed, failed, inconclusive';

export const labTests: Genre = {
  name: 'lab report',
  layouts: ['prose', 'prose', 'prose', 'numbered', 'bullets'],
  heads: [
    'Analytical report <code>',
    '<company>, testing laboratory, <place>',
    'Certificate of analysis, issued <date>',
    'Results relate only to the items submitted. Page <few> of <few>',
    'Laboratory journal <code>, entry by <person>',
  ],
  kinds: [
    {
      name: 'water',
      slots: (make) => {
        make.all({ analyst: 'person', sample: 'code', place: 'place', limit: 'count 5 49', when: 'date' });
        make.one(
          'source',
          'the village well|the school fountain|the hotel cistern|the harbour basin|the cooling pond|the upper reservoir|the bottling line|the swimming lake|the hospital mains|the fish farm|the spring chapel|the brewery tank|the campsite pump',
        );
        make.one(
          'substance',
          'nitrate|lead|copper|arsenic|manganese|chloroform|atrazine|ammonium|nickel|fluoride|cadmium|uranium|benzene',
        );
        make.one(
          'origin',
          'manure from the fields|corroded pipes|a leaking septic pit|an old landfill|a cracked seal|road salt|decaying leaves|a spill upstream|new brass taps|weed killer|an abandoned mine|worn filter cartridges',
        );
        make.one(
          'duty',
          'boil it before use|shut the supply|flush the pipes|warn the residents|hand out bottled water|put up a warning sign|replace the filter|keep livestock away|inform the health office|draw only from the second line',
        );
        make.corrected('level', 'count 60 480');
      },
      facts: [
        '(Sample {sample} was drawn from {source} in {place}|The bottle marked {sample} holds water from {source} in {place}|From {source} in {place} came sample {sample}).',
        {
          plain:
            '({Analyst} measured {level} micrograms of {substance} per litre|The content of {substance}, as determined by {analyst}, is {level} micrograms per litre|A concentration of {level} micrograms of {substance} per litre was found by {analyst}).',
          wrong:
            '(The quick test by {analyst} had shown {levelWrong} micrograms of {substance} per litre|In a preliminary note {analyst} gave {levelWrong} micrograms of {substance} per litre).',
          right:
            '(Repeated on the second instrument, the reading was {level} micrograms|The final reading, after dilution, is {level} micrograms per litre|The preliminary reading is withdrawn, and {level} micrograms per litre is valid).',
        },
        '(The law tolerates no more than {limit} micrograms|The legal maximum is {limit} micrograms|Under the decree, {limit} micrograms must not be exceeded).',
        '(The likely origin is {origin}|We suspect {origin}|Everything points to {origin}).',
        '(The operator must {duty} at once|It is imperative for the operator to {duty}|We urged the operator to {duty}).',
        {
          last: '(A fresh bottle should reach us by {when}|Sampling is to be repeated by {when}|Proof of improvement is demanded by {when}).',
        },
      ],
      summaries: [
        'Water from {source} in {place} contains {level} micrograms of {substance} per litre, above the limit of {limit}; new sampling is due by {when}.',
        '{Analyst} found {level} micrograms of {substance} per litre in sample {sample}, probably from {origin}; the operator must {duty}.',
        'Too much {substance}, probably from {origin}, is in {source}: {level} micrograms against {limit} allowed. Sampling is repeated by {when}.',
        'With {level} micrograms of {substance}, sample {sample} from {place} exceeds the legal {limit}, so the operator has to {duty}.',
      ],
      titles: [
        '{Substance} in {source}',
        '{Place}: too much {substance} in the water',
        'Sample {sample} above the limit',
      ],
      fields: { sample: 'sample', place: 'place', analyst: 'analyst', level: 'level', limit: 'limit' },
      labels: { [SUBJECT]: 'water', [VERDICT]: 'failed' },
    },
    {
      name: 'material',
      slots: (make) => {
        make.all({ client: 'company', tester: 'person', batch: 'code', need: 'count 12 95', until: 'date' });
        make.one(
          'specimen',
          'a climbing rope|a roof bolt|a bicycle frame|a sheet of safety glass|a crane hook|a seat belt|a scaffold clamp|a fibre cable|a welded bracket|a concrete cube|a lifting strap|a ladder rung|a chain link|a laminated beam',
        );
        make.one(
          'stress',
          'a week in salt fog|a night at frost|a hundred thousand bends|a month under ultraviolet lamps|a soak in diesel|a bath in weak acid|a slow twist|an hour of shaking|a series of hammer blows|a day in steam',
        );
        make.one(
          'end',
          'tore along the seam|snapped at the thread|buckled in the middle|split lengthwise|cracked at the edge|came apart at the weld|bent double|frayed from the core|shattered into crumbs|gave way at the collar',
        );
        make.one(
          'remark',
          'sharp edges should be rounded|the marking rubs off too easily|the coating is uneven|the paint flakes a little|the instructions lack a drawing|a tighter tolerance would be welcome|the label ought to name the alloy|the packaging lets in damp|the surface shows slight pitting|the length varies by a hair',
        );
        make.corrected('force', 'count 120 900');
      },
      facts: [
        '({Client} sent in {specimen} from batch {batch}|We received {specimen} of batch {batch} from {client}|On behalf of {client}, we examined {specimen}, batch {batch}).',
        '(Beforehand it was exposed to {stress}|It first had to endure {stress}|{Stress} preceded the pull).',
        {
          plain:
            '(It withstood {force} kilonewtons|Failure occurred at {force} kilonewtons|{Tester} recorded a peak of {force} kilonewtons).',
          wrong:
            '(The display froze at {forceWrong} kilonewtons|The handwritten sheet gives a peak of {forceWrong} kilonewtons).',
          right:
            '(The stored curve leaves no doubt that the peak was {force} kilonewtons|With the correct load cell factor, the peak is {force} kilonewtons|Recalculated, the breaking force amounts to {force} kilonewtons).',
        },
        '(The standard asks for only {need} kilonewtons|{Need} kilonewtons would have been enough|What the standard requires is {need} kilonewtons).',
        '(In the machine run by {tester}, it finally {end}|{Tester} noted that it {end}|Under the eyes of {tester} it {end}).',
        '(One remark without effect on the result: {remark}|We would add that {remark}|The maker should know that {remark}).',
        {
          last: '(The approval is good until {until}|Approval granted, valid until {until}|A certificate has been issued that lapses on {until}).',
        },
      ],
      summaries: [
        '{Specimen} by {client} held {force} kilonewtons where {need} are required, even after {stress}, and is approved until {until}.',
        'Batch {batch} of {client} passes: after {stress}, {specimen} {end} only at {force} kilonewtons, against {need} demanded.',
        'Approval until {until} goes to {client} for {specimen} of batch {batch}, tested by {tester} up to {force} kilonewtons.',
        '{Tester} loaded {specimen} from {client} to {force} kilonewtons, well over {need}, before it {end}; one remark is that {remark}.',
      ],
      titles: [
        '{Specimen} of {client} approved',
        'Batch {batch} holds {force} kilonewtons',
        '{Client}: {specimen} passes',
      ],
      fields: { client: 'client', batch: 'batch', tester: 'tester', force: 'force', 'valid until': 'until' },
      labels: { [SUBJECT]: 'material', [VERDICT]: 'passed' },
    },
    {
      name: 'food',
      slots: (make) => {
        make.all({ client: 'company', chemist: 'person', batch: 'code', town: 'place', when: 'date' });
        make.one(
          'dish',
          'oat biscuits|smoked trout|goat cheese|tomato soup|frozen spinach|baby porridge|liver sausage|raspberry jam|vegan burgers|almond milk|dried figs|curry paste|egg noodles|honey mustard',
        );
        make.one(
          'taint',
          'traces of hazelnut|listeria|splinters of plastic|undeclared milk protein|mould toxin|too much histamine|salmonella|a forbidden dye|residues of a pesticide|gluten|metal shavings|undeclared sulphite',
        );
        make.one(
          'lapse',
          'a mixer was not rinsed between runs|the cold chain broke during transport|a worn blade shed fragments|sacks were mixed up in the store|a cleaning rota was ignored|the wrong labels were on the roll|mice had reached the silo|the steam valve stuck half open|a supplier changed the recipe|the metal detector was switched off',
        );
        make.one(
          'deed',
          'call back the goods|destroy the stock|halt the line|relabel the packs|alert the shops|publish a warning|change the supplier|disinfect the plant|block the pallets|retrain the crew',
        );
        make.corrected('packs', 'many 300 60000');
      },
      facts: [
        '({Client} had {dish} of lot {batch} examined|For {client} we analysed {dish} from lot {batch}|Lot {batch}, {dish} made by {client}, was on our bench).',
        '({Chemist} detected {taint}|{Taint} came to light in the examination by {chemist}|The work of {chemist} brought {taint} to light).',
        {
          plain:
            '(The lot comprises {packs} packs|{Packs} packs of it are in circulation|It has been filled into {packs} packs).',
          wrong: '(The maker estimated the lot at {packsWrong} packs|The delivery note lists {packsWrong} packs).',
          right:
            '(The warehouse ledger proves that the lot has {packs} packs|A recount by the maker yielded {packs} packs|The maker has rectified the size of the lot, {packs} packs).',
        },
        '(At the factory in {town}, {lapse}|The reason was found in {town}, where {lapse}|In {town}, it was admitted, {lapse}).',
        '(We see no choice for {client} but to {deed}|The authority has instructed {client} to {deed}|{Client} has undertaken to {deed}).',
        {
          last: '(Proof of this is awaited by {when}|It must be completed by {when}|The authority allows time until {when}).',
        },
      ],
      summaries: [
        '{Chemist} detected {taint} in {dish} by {client}; {packs} packs of lot {batch} are affected, and the company must {deed} by {when}.',
        'Because {lapse} in {town}, {packs} packs of {dish} contain {taint}; {client} has to {deed} by {when}.',
        '{Taint} in lot {batch}: {client} is to {deed}, with {packs} packs of {dish} concerned, by {when}.',
        'Lot {batch} of {dish} fails on account of {taint}. In {town}, {lapse}; {client} must {deed} by {when}.',
      ],
      titles: ['{Taint} in {dish}', 'Lot {batch}: {client} to {deed}', '{Client}: {taint} in {packs} packs'],
      fields: { company: 'client', lot: 'batch', chemist: 'chemist', packs: 'packs', deadline: 'when' },
      labels: { [SUBJECT]: 'food', [VERDICT]: 'failed' },
    },
    {
      name: 'soil',
      slots: (make) => {
        make.all({ client: 'person', plot: 'street', geologist: 'person', depth: 'count 20 95', when: 'date' });
        make.draw('fee', 'money 90 4000');
        make.one(
          'purpose',
          'lay out a playground|plant a vineyard|build a bungalow|dig a cellar|open an allotment garden|set up greenhouses|sink a heat pump well|widen the road|keep horses|bury a fuel tank|create a cemetery|sow an orchard meadow',
        );
        make.one(
          'pollutant',
          'tar oil|mercury|asbestos|heating oil|chromium|white spirit|mineral grease|dioxin|zinc slag|creosote|old paint|phenol',
        );
        make.one(
          'obstacle',
          'the jars were not sealed|roots had mixed the layers|the cores had dried out|heavy rain had washed the pit|the drill struck rubble|frost had loosened the ground|the courier left the box in the sun|two labels were swapped|the values scatter widely|fresh topsoil had been tipped on it',
        );
        make.corrected('cores', 'count 4 48');
      },
      facts: [
        '({Client} plans to {purpose} at {plot} and turned to us|The ground at {plot}, where {client} intends to {purpose}, has been studied|At {plot}, {client} hopes to {purpose}).',
        '(The question was whether {pollutant} may be present|We were looking for {pollutant}|Our brief was to search for {pollutant}).',
        '({Geologist} drilled down to {depth} centimetres|The samples taken by {geologist} reach a depth of {depth} centimetres|Down to {depth} centimetres, {geologist} lifted material).',
        '(No firm statement can be made because {obstacle}|The outcome remains uncertain, for {obstacle}|Unfortunately, {obstacle}, which rules out a clear answer).',
        {
          plain:
            '(A further {cores} cores are required|To settle it, we need {cores} additional cores|{Cores} additional cores would bring certainty).',
          wrong:
            '(The quotation provided for {coresWrong} additional cores|At first sight {coresWrong} additional cores seemed sufficient).',
          right:
            '(The grid plan makes it {cores} additional cores|On reflection, {geologist} insists on {cores} cores|The office for the environment fixed the number at {cores} cores).',
        },
        '(The extra work will cost {fee}|For this we charge {fee}|Additional costs amount to {fee}).',
        {
          last: '(The second campaign ends on {when}|We can give an answer by {when}|A definite verdict is promised for {when}).',
        },
      ],
      summaries: [
        'Whether there is {pollutant} at {plot} stays open because {obstacle}; {cores} more cores for {fee} should settle it by {when}.',
        '{Client}, who wants to {purpose} at {plot}, must wait until {when}: {geologist} needs {cores} more cores.',
        'The search for {pollutant} at {plot} gave no clear answer, as {obstacle}. Another {cores} cores cost {client} {fee}.',
        '{Geologist} drilled {depth} centimetres deep for {pollutant}, but {obstacle}; {cores} further cores at {fee} follow, with a verdict by {when}.',
      ],
      titles: [
        '{Plot}: {pollutant} neither proved nor ruled out',
        'Open question of {pollutant} at {plot}',
        '{Cores} more cores at {plot}',
      ],
      fields: { client: 'client', plot: 'plot', geologist: 'geologist', cost: 'fee', date: 'when' },
      labels: { [SUBJECT]: 'soil', [VERDICT]: 'inconclusive' },
    },
  ],
  asides: [
    'The (balance|pipette set) was last calibrated in <month> <year> (and is in order|by <company>).',
    'Room temperature was <degrees 18 24> and humidity <percent 30 60>.',
    '(The box|The parcel) travelled by courier and was (unpacked|registered) at <time> by <first>.',
    'The method follows in-house procedure <code>, (revision <version>|edition <year>).',
    '(The blank|The control) gave (no signal|the expected value) on each of the <few> runs.',
    'The accreditation of the laboratory, number <code>, was (renewed|extended) in <year>.',
    'Photographs <count 1 12> to <count 13 40> are (kept on file|available on request).',
    'Recovery of the internal standard was <percent 84 99>.',
    'What remains of the specimen is stored (in cold room <few>|on shelf <code>) for <days 20 90>.',
    '(A ring trial|A proficiency test) with <count 8 40> laboratories in <year> was (successful|passed without comment).',
    'The uncertainty of measurement is <percent 2 9> (at the usual confidence level|, as stated in the annex).',
    '(An intern|A trainee), <person>, (helped with the weighing|watched) and signed the logbook.',
    'The software (was updated to|runs in) version <version>, which (does not touch the evaluation|was validated).',
    'The purchase order <code> was (attached|sent separately) by the (accounts office|secretary).',
    'The pH of the rinsing solution was <count 5 8>.<count 1 9>.',
    '(Reagents|Gas cylinders) were bought from <company> (under contract <code>|, as always).',
    'The (fume hood|centrifuge) in room <count 101 340> was (being serviced|noisy) but not (needed|used).',
    'A comparable enquiry from <place> in <year> (has been archived|is unrelated).',
    'The opening hours of the sample counter change to <time> from <month>.',
    'Questions about this document go to <person>, extension <count 100 999>.',
  ],
};
