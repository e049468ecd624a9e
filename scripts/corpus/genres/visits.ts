import type { Genre } from '../kind.js';

const OUTCOME = 'outcome of the visit: order, refusal, trial, renewal';
const MOOD = 'sales prospect: won, lost, open';

export const visits: Genre = {
  name: 'sales visit',
  layouts: ['prose', 'prose', 'prose', 'bullets', 'log'],
  heads: [
    'Visit note <code>',
    'Field sales, territory <place>, week <count 1 52>',
    'To: regional manager <person>\nSubject: customer call',
    'Call report for the CRM, entered at <time>',
    'Travel diary of the sales team',
  ],
  kinds: [
    {
      name: 'order',
      slots: (make) => {
        make.all({ rep: 'first', firm: 'company', buyer: 'person', product: 'product', when: 'date' });
        make.draw('price', 'money 60 6000');
        make.one(
          'charm',
          'the quiet motor|the short lead time|the lifetime guarantee|the easy cleaning|the free training|the sturdy casing|the low power draw|the local spare-parts store|the simple controls|the recycled packaging|the neat finish|the glowing references',
        );
        make.one(
          'strings',
          'the pallets are taken back|payment within two months is accepted|a fitter comes along|the colour matches their vans|the manuals are translated|one spare set is thrown in|unloading is included|the old units are scrapped free of charge|the logo is engraved|nothing is delivered before noon',
        );
        make.corrected('pieces', 'many 24 4000');
      },
      facts: [
        '({Rep} called on {buyer}, who does the purchasing at {firm}|{Buyer} of {firm} received {rep}|At {firm}, {rep} sat down with {buyer}).',
        {
          plain:
            '(They signed for {pieces} pieces of {product}|The order is for {pieces} pieces of {product}|{Buyer} took {pieces} pieces of {product}).',
          wrong:
            '(Over coffee there was talk of {piecesWrong} pieces of {product}|The first order form for {product} said {piecesWrong} pieces).',
          right:
            '(In the end the signature stands under {pieces} pieces|Before we parted this was altered to {pieces} pieces|The confirmed quantity is {pieces} pieces).',
        },
        '(The price agreed upon is {price} apiece|Each one sells at {price}|We settled on {price} per piece).',
        '(What tipped the scales was {charm}|{Buyer} was won over by {charm}|The strongest argument proved to be {charm}).',
        '(Their condition: {strings}|All this holds provided that {strings}|It was promised in return that {strings}).',
        {
          last: '(Everything has to arrive by {when}|The goods are due on {when}|We committed ourselves to delivering by {when}).',
        },
      ],
      summaries: [
        '{Firm} ordered {pieces} pieces of {product} at {price} each, won over by {charm}; delivery is due by {when}.',
        'Won by {charm}, {buyer} of {firm} bought {pieces} pieces of {product} from {rep} for delivery by {when}.',
        'An order for {pieces} pieces of {product} at {price} each came from {firm}, on condition that {strings}.',
        '{Rep} sold {buyer} at {firm} {pieces} pieces of {product} for {price} apiece, to arrive by {when}, provided that {strings}.',
      ],
      titles: ['{Firm} orders {pieces} {product}', 'Order from {firm}', '{Pieces} pieces of {product} sold'],
      fields: { customer: 'firm', buyer: 'buyer', quantity: 'pieces', price: 'price', delivery: 'when' },
      labels: { [OUTCOME]: 'order', [MOOD]: 'won' },
    },
    {
      name: 'refusal',
      slots: (make) => {
        make.all({ rep: 'first', firm: 'company', buyer: 'person', product: 'product', rival: 'company' });
        make.draw('month', 'month');
        make.one(
          'objection',
          'it is too bulky for their aisles|the upkeep would eat up the savings|the staff dislike touch screens|the warranty is too short|it needs a permit|the budget is frozen|it clashes with their software|the noise would bother the neighbours|the old machine still does its job|the training takes too long|the owner distrusts leasing|head office buys centrally',
        );
        make.one(
          'lesson',
          'bring a smaller model|show figures from a similar plant|speak to the owner directly|come with a technician|prepare a leasing offer|ask about the floor plan beforehand|arrange a trip to a reference site|offer a buy-back|send samples in advance|drop the entry fee',
        );
        make.corrected('rate', 'money 300 30000');
      },
      facts: [
        '({Rep} presented {product} to {buyer} of {firm}|{Buyer} of {firm} let {rep} demonstrate {product}|At {firm}, {product} was shown to {buyer} by {rep}).',
        '({Buyer} turned it down: {objection}|The answer was no, since {objection}|They declined on the ground that {objection}).',
        '(They are going with {rival}|The business goes to {rival}|{Rival} got the nod).',
        {
          plain:
            '(The competing offer stands at {rate}|The competitor charges {rate}|Our competitor had quoted {rate}).',
          wrong:
            '(The competitor was rumoured to charge {rateWrong}|According to the doorman, the competing offer was {rateWrong}).',
          right:
            '(The paper on the desk, however, gave the competing offer as {rate}|On a direct question, the price of the competitor came out as {rate}|It emerged later that the competitor had really quoted {rate}).',
        },
        '(Next time we ought to {lesson}|A lesson for the team: {lesson}|With hindsight, it would have been wise to {lesson}).',
        {
          last: '(They are willing to talk again in {month}|Not before {month} may we knock again|The door stays ajar, and a fresh attempt is foreseen for {month}).',
        },
      ],
      summaries: [
        '{Firm} declined {product} because {objection} and chose {rival} at {rate}; a new attempt is possible in {month}.',
        'No deal with {buyer}: {objection}. {Rival} gets the business for {rate}, and {rep} may try again in {month}.',
        '{Rival} beat us at {firm} with {rate}. Next time {rep} should {lesson}; talks may resume in {month}.',
        '{Rep} failed to sell {product} to {buyer} of {firm}, as {objection}; the advice for {month} is to {lesson}.',
      ],
      titles: ['{Firm} turns down {product}', '{Rival} wins {firm}', 'No sale of {product} at {firm}'],
      fields: { customer: 'firm', buyer: 'buyer', competitor: 'rival', 'competing price': 'rate', product: 'product' },
      labels: { [OUTCOME]: 'refusal', [MOOD]: 'lost' },
    },
    {
      name: 'trial',
      slots: (make) => {
        make.all({ rep: 'first', firm: 'company', chief: 'person', product: 'product', site: 'place', when: 'date' });
        make.draw('units', 'few');
        make.one(
          'goal',
          'waste falls by a tenth|nobody needs overtime|the line never stops for refilling|the drivers approve of it|breakages disappear|the heating bill shrinks|picking errors are halved|cleaning takes under an hour|it copes with frost|the night crew can run it alone|dust stays below the legal limit|orders leave the same day',
        );
        make.one(
          'worry',
          'the wiring in the hall is ancient|the operators are sceptical|the ceiling is low|summer is their busiest season|the wireless signal is weak|there is hardly any storage room|the ramp is steep|the foreman is about to retire|the floor is uneven|a rival demonstrator is already there',
        );
        make.corrected('weeks', 'count 2 26');
      },
      facts: [
        '({Chief}, who runs operations at {firm}, wants to put {product} to the test|{Rep} persuaded {chief} of {firm} to try out {product}|Before buying, {chief} of {firm} would like to try {product}).',
        '({Units} units go to their site in {site}|We are lending {units} units for the plant in {site}|The plant in {site} gets {units} units on loan).',
        {
          plain:
            '(The loan runs for {weeks} weeks|They may keep them for {weeks} weeks|A trial period of {weeks} weeks was agreed).',
          wrong:
            '(Our proposal had been a loan of {weeksWrong} weeks|They began by asking for {weeksWrong} weeks of trial).',
          right:
            '(After some haggling we met at {weeks} weeks|The loan agreement as signed runs for {weeks} weeks|Our manager, reached by phone, allowed {weeks} weeks and no other term).',
        },
        '(They will buy if {goal}|The yardstick for success: {goal}|A purchase depends on one thing, namely that {goal}).',
        '(One risk is that {worry}|We must bear in mind that {worry}|A word of caution, {worry}).',
        {
          last: '({Chief} decides on {when}|A decision is expected on {when}|On {when} we shall hear yes or no).',
        },
      ],
      summaries: [
        '{Firm} tries {units} units of {product} in {site} for {weeks} weeks and will buy if {goal}; the decision falls on {when}.',
        'A trial of {product} over {weeks} weeks was agreed with {chief} of {firm}; one risk is that {worry}. Decision on {when}.',
        'For {weeks} weeks {units} units of {product} are on loan to {firm} in {site}. {Chief} buys only if {goal}.',
        'Whether {firm} buys {product} will be known on {when}, after {weeks} weeks of testing {units} units in {site}.',
      ],
      titles: ['{Firm} tries out {product}', 'Trial of {product} in {site}', '{Weeks} weeks of {product} for {firm}'],
      fields: { customer: 'firm', contact: 'chief', site: 'site', weeks: 'weeks', decision: 'when' },
      labels: { [OUTCOME]: 'trial', [MOOD]: 'open' },
    },
    {
      name: 'renewal',
      slots: (make) => {
        make.all({ rep: 'first', firm: 'company', head: 'person', deal: 'code', years: 'few', when: 'date' });
        make.one(
          'grudge',
          'the invoices are hard to read|the hotline keeps them waiting|two deliveries came late|their contact person changes too often|spare parts are overpriced|the drivers are rude|the web shop is clumsy|the last price rise came without notice|the crates arrive dirty|nobody answers on Fridays|returns take ages',
        );
        make.one(
          'sweetener',
          'a personal account manager|free shipping|an extended warranty|a yearly tune-up|priority on the hotline|a fixed price|a loan machine during repairs|quarterly invoices|a bonus for large volumes|two training days|a consignment stock|a shorter notice period',
        );
        make.corrected('fee', 'money 400 60000');
      },
      facts: [
        '({Head} of {firm} and {rep} talked about prolonging agreement {deal}|Agreement {deal} with {firm} was about to run out, so {rep} met {head}|{Rep} visited {head} at {firm} to discuss agreement {deal}).',
        '({Head} grumbled that {grudge}|They are put out because {grudge}|It became plain that {grudge}, as {head} sees it).',
        '(To keep them, {rep} conceded {sweetener}|In exchange for staying they receive {sweetener}|{Rep} threw {sweetener} into the bargain).',
        {
          plain: '(The yearly fee comes to {fee}|They pay {fee} a year|Per year this is worth {fee} to us).',
          wrong:
            '(Our written offer had put the yearly fee at {feeWrong}|The yearly fee we opened with was {feeWrong}).',
          right:
            '(We shook hands on a yearly fee of {fee}|By the end of the talk the yearly fee was {fee}|Bargaining brought the yearly fee to {fee}).',
        },
        '(It goes on for {years} more years|They tie themselves to us for {years} years|The new term is {years} years).',
        {
          last: '(The signed copy must be back by {when}|We need their signature by {when}|Legal wants the papers returned by {when}).',
        },
      ],
      summaries: [
        '{Firm} renews agreement {deal} for {years} years at {fee} a year in return for {sweetener}; the signature is due by {when}.',
        'Although {grudge}, {head} stays with us: agreement {deal} continues for {years} years at {fee} a year.',
        '{Sweetener} persuaded {head} of {firm} to renew {deal} for {years} years; papers must be signed by {when}.',
        '{Rep} met {head}, who complained that {grudge}, and granted {sweetener}. {Firm} stays {years} years for {fee} a year, signing by {when}.',
      ],
      titles: ['{Firm} renews {deal}', '{Firm} stays for {years} years', '{Head} accepts {sweetener}'],
      fields: { customer: 'firm', contact: 'head', agreement: 'deal', fee: 'fee', deadline: 'when' },
      labels: { [OUTCOME]: 'renewal', [MOOD]: 'won' },
    },
  ],
  asides: [
    'The drive (from <place> took|took) <span> (because of road works|in pouring rain).',
    '(Parking is behind the building|Visitors park at <street>), (and the gate closes at <time>|which is easy to overlook).',
    'The company was founded in <year> (by the grandfather|and employs <many 30 3000> people).',
    '<first> at the reception (remembered me|sends regards) and (served tea|found me a desk).',
    'Their (football|rowing) team (won a cup|came second) in <month>.',
    '(A calendar|A pen set|A box of chocolates) was (left|handed over) as a small present.',
    'The hotel in <place> cost <money 50 190> (including breakfast|per night).',
    'They have just (painted the hall|moved the canteen), and <person> (is proud of it|showed me round).',
    'The next trade fair is in <place> in <month>, where (we share a booth with <company>|they will not exhibit).',
    '(Their turnover grew by <percent 2 18>|Turnover shrank by <percent 2 18>) in <year>, (says the business register|according to the local paper).',
    'I (ran into|met) <person> of <company> in the lobby, (on a different errand|who was there about insurance).',
    'An (apprentice|intern) called <first> (listened in|joined us for a while).',
    'The business card of <person>, head of (logistics|marketing), has been (scanned|filed).',
    'Mileage for the day: <count 40 480> km, (fuel <money 20 90>|no tolls).',
    '(The forklift|The lift) was out of order, so <few> flights of stairs had to be climbed.',
    'They also asked for (a new catalogue|our edition <year> brochure), which <first> will (post|drop off).',
    'A (school class|delegation) from <place> was touring the (works|premises).',
    'Lunch was at (the canteen|a tavern near <street>) and lasted <minutes 25 90>.',
    '(The mood was friendly|We got on well), not least because (we share a passion for sailing|their dog took to me).',
    'Customer number <code> is (still valid|to be merged with <code>) in our system.',
  ],
};
