import type { Genre } from '../kind.js';

export const recalls: Genre = {
  name: 'recall notice',
  layouts: ['prose', 'prose', 'prose', 'prose', 'bullets'],
  heads: [
    'IMPORTANT SAFETY NOTICE',
    'Product recall <code>',
    'Public warning, published on <date>',
    'Consumer protection office, <place>\nNotice no. <count 20 900>',
    'For immediate release. Press contact: <person>',
  ],
  kinds: [
    {
      name: 'food',
      slots: (make) => {
        make.all({ maker: 'company', shop: 'company', batch: 'code', best: 'date' });
        make.all({ refund: 'money 2 15', boss: 'person' });
        make.one(
          'food',
          'hazelnut spread|smoked trout|oat biscuits|goat cheese|frozen raspberries|tomato soup|liver sausage|muesli bars|tahini paste|chicken salad|baby porridge|soy yoghurt|dried apricots|pesto sauce',
        );
        make.one(
          'hazard',
          'glass splinters|undeclared peanuts|salmonella|metal shavings|bits of blue plastic|listeria|traces of cleaning fluid|mould toxins|wood chips|unlabelled milk protein|too much iodine|rubber fragments|pesticide residues',
        );
        make.one(
          'origin',
          'a cracked filling nozzle|a mix-up of labels|a broken sieve|a dirty cooling tank|a careless supplier|a worn conveyor brush|a faulty metal detector|a wrongly set oven|a torn filter|damp storage|a mistake during cleaning',
        );
        make.corrected('packs', 'many 400 90000');
      },
      facts: [
        '({Maker} is recalling its {food}, sold by {shop}, because of {hazard}|Because of {hazard}, {food} from {maker} must be taken off the shelves of {shop}|{Hazard} may be present in the {food} that {maker} delivers to {shop}).',
        '(Only batch {batch} with the best-before date {best} is concerned|Look for batch {batch}, best before {best}|The packs in question bear batch {batch} and a best-before date of {best}).',
        {
          plain:
            '(It is a matter of {packs} packs|{Packs} packs have left the plant|A quantity of {packs} packs is to be withdrawn).',
          wrong:
            '(A first notice mentioned {packsWrong} packs|The radio spoke of {packsWrong} packs|{Shop} believed that {packsWrong} packs had been delivered).',
          right:
            '(Delivery papers now prove that it is {packs} packs|{Boss} has since put the quantity at {packs} packs|The quantity had to be amended: {packs} packs).',
        },
        '(A laboratory in <place> made the discovery; behind it is {origin}|As manager {boss} explains, {origin} is behind it|{Origin} is behind it, according to manager {boss}).',
        '(Customers get {refund} per pack, even without a receipt|For each pack, {refund} is paid back at the till|{Refund} a pack is refunded, whether or not there is a receipt).',
        {
          last: '({Boss} of {maker} apologizes|Manager {boss} asks for understanding|Manager {boss} regrets the trouble caused).',
        },
      ],
      summaries: [
        '{Maker} is recalling {packs} packs of {food} because of {hazard}; batch {batch} is concerned and {refund} per pack is refunded.',
        'Because of {origin}, {food} from {maker} may contain {hazard}. Batch {batch}, best before {best}, can be returned for {refund} a pack.',
        '{Packs} packs of {food} sold by {shop} are withdrawn owing to {hazard}, and customers get {refund} for each.',
        'Do not eat {food} of batch {batch} sold by {shop}: {hazard} may be inside, and {origin} is behind it.',
      ],
      titles: ['{Hazard} in {food} from {maker}', '{Maker} recalls {food}', 'Warning about {food}, batch {batch}'],
      fields: { company: 'maker', shop: 'shop', batch: 'batch', packs: 'packs', refund: 'refund' },
      labels: { 'goods: food, appliance, vehicle, toy': 'food', 'remedy: refund, replacement, repair': 'refund' },
    },
    {
      name: 'appliance',
      slots: (make) => {
        make.all({ maker: 'company', model: 'product', from: 'month', year: 'year' });
        make.all({ cases: 'count 3 80', voice: 'person', portal: 'code', close: 'date' });
        make.one(
          'device',
          'kettle|hair dryer|electric blanket|toaster|space heater|pressure cooker|vacuum robot|coffee grinder|bread maker|bedside lamp|air fryer|steam iron|phone charger|hedge trimmer',
        );
        make.one(
          'flaw',
          'the thermostat sticks|a solder joint cracks|the cable chafes at the hinge|the battery swells|the fan stalls|the lid lock slips|a capacitor bursts|the insulation melts|water creeps into the switch|the plug loosens|the timer fails to stop',
        );
        make.one(
          'danger',
          'catch fire|give electric shocks|scald the user|explode|emit poisonous fumes|fling out hot parts|scorch the worktop|start without warning|burn the fingers|short-circuit the house',
        );
        make.one(
          'advice',
          'unplug it at once|stop using it|keep it away from children|store it outdoors|never leave it unattended|cut through the cable|remove the battery|let it cool and pack it up|lock it away|put a warning label on it',
        );
        make.corrected('units', 'many 300 90000');
      },
      facts: [
        '(The {device} {model} by {maker} can {danger}, because {flaw}|{Maker} warns that its {device} {model} can {danger}: {flaw}|Because {flaw}, the {device} {model} made by {maker} can {danger}).',
        '(It was on sale from {from} {year}|Sales began in {from} {year}|Anyone who bought one after {from} {year} is concerned).',
        {
          plain: '({Units} units are in use|{Maker} sold {units} units|The number of units sold is {units}).',
          wrong:
            '(The importer had spoken of {unitsWrong} units|A consumer magazine reported {unitsWrong} units|An earlier notice gave {unitsWrong} as the number of units).',
          right:
            '(Spokesperson {voice} has put this right: {units} units|Checked against the serial numbers, it is {units} units|{Maker} now admits to {units} units).',
        },
        '(So far {cases} cases are known|{Cases} households have reported such a case|Spokesperson {voice} confirms {cases} cases).',
        '(Owners should {advice}|Everyone who has one is urged to {advice}|"Please {advice}," says spokesperson {voice}).',
        {
          last: '(A new one is sent free of charge to those who register under {portal} by {close}|By entering {portal} on our site by {close}, owners obtain a new one free of charge|Until {close}, code {portal} on the website brings a new one free of charge, as {voice} promises).',
        },
      ],
      summaries: [
        'The {device} {model} by {maker} can {danger} because {flaw}; owners of the {units} units should {advice} and register by {close}.',
        'After {cases} cases, {maker} replaces {units} units of its {device} {model}, which can {danger}. Register under {portal} by {close}.',
        '{Maker} sold {units} units of {model}, a_ {device} that can {danger} because {flaw}; a new one is free until {close}.',
        'Owners should {advice}: in the {device} {model}, sold from {from} {year}, {flaw}, and {cases} cases are known.',
      ],
      titles: [
        '{Device} {model} can {danger}',
        '{Maker} replaces {device} {model}',
        '{Units} units of {model} recalled',
      ],
      fields: { company: 'maker', product: 'model', units: 'units', cases: 'cases', deadline: 'close' },
      labels: {
        'goods: food, appliance, vehicle, toy': 'appliance',
        'remedy: refund, replacement, repair': 'replacement',
      },
    },
    {
      name: 'vehicle',
      slots: (make) => {
        make.all({ maker: 'company', model: 'product', built: 'year', campaign: 'code' });
        make.all({ stay: 'minutes 15 95', officer: 'person', start: 'date' });
        make.one(
          'part',
          'brake hose|steering column|seat belt buckle|fuel pump|tow bar|airbag sensor|door latch|drive shaft|wiper motor|roof rail|chain guard|parking brake|headlight relay',
        );
        make.one(
          'fault',
          'rust through|come loose|seize up|overheat|snap under load|fail in the cold|wear out early|jam|crack|drop off|leak|work the wrong way',
        );
        make.one(
          'result',
          'a longer stopping distance|a sudden loss of power|a fall|a fire under the bonnet|a stuck throttle|a blind drive at night|a swerve to the left|an open door on the motorway|a rollaway on slopes|an unprotected passenger|a blocked wheel',
        );
        make.one(
          'mend',
          'fit a stronger bolt|replace the seal|load new software|add a metal sleeve|exchange the bracket|tighten two screws|reroute a wire|grease the bearing|insert a longer pin|change the spring|apply a coating',
        );
        make.corrected('cars', 'many 200 90000');
      },
      facts: [
        '(On the {model} of {maker}, built in {built}, the {part} may {fault}|{Maker} has found that the {part} of the {model}, built in {built}, may {fault}|Owners of the {model} from {maker}, built in {built}, are told that the {part} may {fault}).',
        '(The consequence could be {result}|At worst, this means {result}|{Result} could follow).',
        {
          plain:
            '({Cars} vehicles are called to the workshop|The campaign covers {cars} vehicles|{Cars} vehicles must be looked at).',
          wrong:
            '(A motoring club wrote of {carsWrong} vehicles|{CarsWrong} vehicles had been listed at first|Dealers were originally told of {carsWrong} vehicles).',
          right:
            '({Officer} of the transport office has confirmed {cars} vehicles|The list was gone through again and holds {cars} vehicles|Exports included, there are {cars} vehicles).',
        },
        '(Workshops will {mend}, which takes {stay} and is free|It takes {stay} to {mend}, free of charge|Without any charge, mechanics will {mend} within {stay}).',
        '(The campaign carries the number {campaign} and is watched by {officer} of the transport office|{Officer} of the transport office supervises campaign {campaign}|Campaign {campaign} was ordered by {officer} of the transport office).',
        {
          last: '(Letters to the owners go out on {start}|Owners will be written to on {start}|From {start} on, every owner gets a letter).',
        },
      ],
      summaries: [
        '{Maker} calls {cars} vehicles of the {model} to the workshop because the {part} may {fault}; mechanics will {mend} within {stay}.',
        'The {part} of the {model}, built in {built}, may {fault}, with {result} as a consequence. {Cars} vehicles are concerned; letters go out on {start}.',
        'Under campaign {campaign}, workshops will {mend} on {cars} vehicles of {maker}, free of charge, since the {part} may {fault}.',
        '{Officer} supervises the campaign for {cars} vehicles by {maker} whose {part} may {fault}; owners get a letter on {start}.',
      ],
      titles: ['{Model}: {part} may {fault}', '{Maker} recalls {cars} vehicles', 'Campaign {campaign} for the {model}'],
      fields: { company: 'maker', model: 'model', vehicles: 'cars', campaign: 'campaign', date: 'start' },
      labels: { 'goods: food, appliance, vehicle, toy': 'vehicle', 'remedy: refund, replacement, repair': 'repair' },
    },
    {
      name: 'toy',
      slots: (make) => {
        make.all({ seller: 'company', brand: 'product', lab: 'place', tester: 'person' });
        make.all({ price: 'money 5 90', last: 'date', mark: 'code' });
        make.one(
          'toy',
          'wooden train|plush rabbit|rattle|bath duck|doll pram|magnetic puzzle|toy drum|finger paint set|balance bike|glow-in-the-dark yo-yo|teething ring|slime kit|kite|building set|music box',
        );
        make.one(
          'threat',
          'small magnets come off|the eyes can be bitten off|the paint holds lead|a sharp spring pokes through|a cord is too long|the button cell is easy to reach|the wheel breaks into splinters|the dye irritates the skin|the noise harms the ears|a screw works itself free|the seams burst|the plastic contains a banned softener',
        );
        make.one(
          'injury',
          'choking|poisoning|deep cuts|strangulation|a rash|loss of hearing|burns in the throat|crushed fingers|eye injuries|inner bleeding|blisters|a blocked airway',
        );
        make.one(
          'place',
          'a nursery|a birthday party|a holiday camp|a waiting room|a kindergarten|a toy library|a hospital ward|a play group|a flea market|a village fair|a day care centre',
        );
        make.corrected('pieces', 'many 150 60000');
      },
      facts: [
        '({Seller} takes its {toy} {brand} off the market, as {threat}|Parents should know that {threat} in the case of the {toy} {brand} from {seller}|The {toy} {brand}, imported by {seller}, is unsafe: {threat}).',
        '(Children face the danger of {injury}|This can lead to {injury}|{Injury} cannot be ruled out).',
        {
          plain:
            '({Pieces} pieces found buyers|In the shops, {pieces} pieces were sold|The sale of {pieces} pieces is on record).',
          wrong:
            '(A parents forum guessed {piecesWrong} pieces|Customs papers suggest {piecesWrong} pieces|{Seller} had declared {piecesWrong} pieces).',
          right:
            '(A recount in the warehouse yields {pieces} pieces|{Tester} checked the books and gives {pieces} pieces|By its own correction {seller} now says {pieces} pieces).',
        },
        '(An accident at {place} led tester {tester} in {lab} to examine it|Tester {tester} in {lab} looked into it after an accident at {place}|What happened at {place} was examined in {lab} by tester {tester}).',
        '(The mark {mark} is printed underneath|To recognize it, turn it over: mark {mark}|Underneath it bears the mark {mark}).',
        {
          last: '(The price of {price} is refunded until {last}|Until {last} shops return the price of {price}|Whoever brings it back until {last} receives the price of {price}).',
        },
      ],
      summaries: [
        '{Seller} takes {pieces} pieces of the {toy} {brand} off the market because {threat}; the price of {price} is refunded until {last}.',
        'Danger of {injury}: in the {toy} {brand}, {threat}. {Pieces} pieces with the mark {mark} can be returned until {last}.',
        'After an accident at {place}, tester {tester} found that {threat} in the {toy} {brand}; {seller} refunds {price} until {last}.',
        'The {toy} {brand}, sold {pieces} times by {seller}, can lead to {injury} because {threat}, and shops refund {price}.',
      ],
      titles: ['{Toy} {brand}: danger of {injury}', '{Seller} withdraws {toy} {brand}', 'Unsafe {toy}: {threat}'],
      fields: { company: 'seller', product: 'brand', tester: 'tester', price: 'price', deadline: 'last' },
      labels: { 'goods: food, appliance, vehicle, toy': 'toy', 'remedy: refund, replacement, repair': 'refund' },
    },
  ],
  asides: [
    '(All other articles|Everything else) in the range, such as <product>, (may be enjoyed|can be used) as before.',
    'The hotline <code> is (staffed|open) from <time> to <time>, (calls cost nothing|except on <day>).',
    '(Our|The) firm was founded in <year> in <place> and (employs|has) <many 90 9000> people.',
    '(Journalists|Editors) may (order|download) pictures with <count 2 40> megapixels from <first>.',
    'A voluntary audit by <company> in <month> (earned|brought) <count 71 99> of 100 points.',
    '(A different action|The notice of <month> <year>) about (garden chairs|candles) (has ended|is closed) and had <percent 20 80> returns.',
    '<titled> of the (trade association|chamber of commerce) (praised the quick step|made no statement).',
    '(Retailers|Wholesalers) abroad, for instance in <place>, (received a fax|got their own circular) at <time>.',
    'This text is (available|printed) in <few> languages (and in braille|and in large type).',
    'Our newest catalogue (weighs <count 200 900> grams|has <count 40 400> pages) and (appears|is posted) in <month>.',
    '(Imitations|Fakes) carrying the sign <code> are (a matter for the courts|not ours).',
    'On <day> the share of <company> (rose|fell) by <percent 2 9> (for other reasons|after its yearly figures).',
    'Parcels need no stamp (if label <code> is used|up to <kilos 2 20>).',
    '<person>, (head of logistics|the founder), (retires in <month>|was honoured by the town of <place>).',
    '(Posters|Placards) are to hang (at <count 20 900> tills|beside every entrance) for <days 14 60>.',
    'Under the law of <year>, such (texts|announcements) stay (online|on view) for <few> years.',
    '(A visit|A tour) of the plant in <place> costs <money 3 20> and lasts <minutes 30 90>.',
    '(Social media users|Bloggers) wrote <many 200 9000> comments (within a day|by <time>), (few of them serious|many of them jokes).',
    'Our reply service is (handled|run) by <company> with <count 5 80> (agents|seats) in <place>.',
    '(Data protection|Privacy) questions go to <person>, <street>.',
  ],
};
