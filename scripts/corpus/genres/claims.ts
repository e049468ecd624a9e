import type { Genre } from '../kind.js';

export const claims: Genre = {
  name: 'insurance claim',
  layouts: ['prose', 'prose', 'prose', 'prose', 'numbered'],
  heads: [
    'Claim file <code>',
    'To: claims department, <place>\nFrom: <person>',
    'Note to the file, <date>',
    'CLAIM ASSESSMENT, confidential',
    'Loss register, volume <count 2 60>, entry <count 100 999>',
  ],
  kinds: [
    {
      name: 'home',
      slots: (make) => {
        make.all({
          claimant: 'person',
          adjuster: 'person',
          policy: 'code',
          noticed: 'date',
          builder: 'company',
          excess: 'money 50 700',
          deadline: 'date',
        });
        make.one(
          'source',
          'a burst pipe in the loft|a leaking washing machine|a cracked boiler|an overflowing bathtub|a blocked gutter|a split radiator valve|a frozen garden tap|a torn roof membrane|a corroded water heater|a loose dishwasher hose|a broken toilet cistern|a toppled aquarium',
        );
        make.one(
          'ruined',
          'the parquet and two wardrobes|the kitchen units|a wool carpet and a piano|the plaster of the stairwell|a set of watercolours|the study and its bookshelves|the nursery ceiling|the home cinema|the oak staircase|three antique chairs|the cellar and its wine racks|the silk wallpaper in the hall',
        );
        make.corrected('damage', 'money 900 60000');
      },
      facts: [
        '(On {noticed} {claimant} came home to find that {source} had ruined {ruined}|{Claimant} reports that {source} ruined {ruined} on {noticed}|{Ruined} could not be saved from {source}, which {claimant} discovered on {noticed}).',
        '(The home is insured under policy {policy}|Policy {policy}, which covers water, was in force that day|Cover exists: policy {policy} includes escaping water).',
        {
          plain:
            '(The damage has been valued at {damage}|An amount of {damage} covers the whole damage|Damage in total: {damage}).',
          wrong:
            '(A neighbour who is a builder guessed the damage at {damageWrong}|{Claimant} had put the damage at {damageWrong}|On the claim form, {damageWrong} is entered as the damage).',
          right:
            '(After a visit to the house, {adjuster} fixed the damage at {damage}|Having measured every room, {adjuster} arrived at {damage} instead|That sum did not hold: the damage is really {damage}).',
        },
        '(Adjuster {adjuster} accepts the claim, less the excess of {excess}|The claim was accepted by adjuster {adjuster}, and an excess of {excess} is deducted|"We shall meet this claim," writes adjuster {adjuster}, "minus the excess of {excess}").',
        '({Builder} has been hired to dry out the rooms|Drying is in the hands of {builder}|The dehumidifiers were set up by {builder}).',
        {
          last: '(Payment will reach the account by {deadline}|The money is to be transferred by {deadline}|Payable by {deadline} at the latest).',
        },
      ],
      summaries: [
        'After {source} ruined {ruined}, {adjuster} accepted the claim of {claimant}: {damage} less an excess of {excess}, payable by {deadline}.',
        '{Claimant} will be paid {damage} minus an excess of {excess} by {deadline} because {source} ruined {ruined}; {builder} handles the drying.',
        '{Source} ruined {ruined} at the home of {claimant}. Adjuster {adjuster} accepted the claim for {damage}, due by {deadline}.',
        'Policy {policy} covers damage of {damage} that {source} did to {ruined}; {builder} dries the rooms and payment follows by {deadline}.',
      ],
      titles: ['{Source} ruins {ruined}', 'Water claim of {claimant} accepted', '{Claimant}: damage from {source}'],
      fields: { customer: 'claimant', adjuster: 'adjuster', policy: 'policy', amount: 'damage', deadline: 'deadline' },
      labels: { 'claim: home, motor, travel, commercial': 'home', 'outcome: paid, shared, refused, open': 'paid' },
    },
    {
      name: 'motor',
      slots: (make) => {
        make.all({
          driver: 'person',
          other: 'person',
          place: 'place',
          date: 'date',
          garage: 'company',
          deadline: 'date',
        });
        make.one(
          'move',
          'reversing out of a driveway|changing lanes without a signal|overtaking a refuse truck|turning left across the tramline|pulling out of a parking bay|leaving a roundabout|ignoring a yield sign|swerving around a cat|drifting over the centre line|merging from the slip road|cutting a corner in a narrow lane|rolling back on a steep hill',
        );
        make.one(
          'dents',
          'a crushed bumper and a broken headlamp|a bent axle|a shattered windscreen|a dented tailgate|a twisted mudguard and a flat battery|a scraped door|a smashed wing mirror|a leaking radiator|two buckled wheels|a crumpled bonnet|a jammed boot lid',
        );
        make.one(
          'evidence',
          'dashcam footage|the skid marks|a statement by a postman|photographs from a flower shop|the airbag record|a sketch by the police|the words of a traffic warden|a cyclist who had stopped|the traffic light record|a pedestrian who saw everything|the paint traces',
        );
        make.one('share', '20%|25%|30%|35%|40%|45%|55%|60%|65%|70%|75%|80%');
        make.corrected('bill', 'money 500 14000');
      },
      facts: [
        '({Driver} and {other} collided in {place} on {date}, {driver} {move} at that moment|While {move} in {place} on {date}, {driver} collided with the car of {other}|A collision in {place} on {date} involved {other} and {driver}, who was {move}).',
        '(The crash left {dents}|Left behind by the crash: {dents}|It resulted in {dents}, nothing worse).',
        '(Our finding rests on {evidence}|{Evidence} settled the question of blame|To decide who was at fault we relied on {evidence}).',
        '({Driver} bears {share} of the blame|Blame was split, with {share} falling on {driver}|A share of {share} is laid upon {driver}; the rest stays with the other party).',
        {
          plain:
            '(The bill from {garage} comes to {bill}|{Garage} charges {bill} for the work|Repairs by {garage} cost {bill}).',
          wrong:
            '(At the roadside a bill of {billWrong} seemed likely|{Other} expected a bill of {billWrong}|The towing man spoke of repairs for {billWrong}).',
          right:
            '(The garage, {garage}, in the end charged {bill}|Once the car was on the lift, {garage} arrived at {bill}|A revised bill of {bill} has come from {garage}).',
        },
        {
          last: '({Other} may object until {deadline}|Objections by {other} are possible until {deadline}|If {other} says nothing until {deadline}, the split stands).',
        },
      ],
      summaries: [
        '{Driver} bears {share} of the blame for colliding with {other} in {place} while {move}; repairs cost {bill}, and objections are open until {deadline}.',
        'Relying on {evidence}, the insurer laid {share} of the blame on {driver} for the collision with {other}. {Garage} charged {bill}.',
        'Blame is shared after {driver} and {other} collided on {date}: {driver} takes {share}, and the bill from {garage} is {bill}.',
        'A collision in {place} left {dents}; repairs by {garage} cost {bill} and {other} may object until {deadline}.',
      ],
      titles: ['Collision of {driver} and {other} in {place}', '{Share} of the blame for {driver}', 'Crash in {place}'],
      fields: { driver: 'driver', place: 'place', garage: 'garage', amount: 'bill', deadline: 'deadline' },
      labels: { 'claim: home, motor, travel, commercial': 'motor', 'outcome: paid, shared, refused, open': 'shared' },
    },
    {
      name: 'travel',
      slots: (make) => {
        make.all({
          traveller: 'person',
          clerk: 'person',
          goal: 'place',
          clause: 'count 2 48',
          premium: 'money 20 190',
          appeal: 'date',
        });
        make.one(
          'trip',
          'a cruise|a ski trip|a walking tour|a honeymoon|a study trip|a diving holiday|a city break|a rail journey|a school exchange|a pilgrimage|a golf week|a cycling tour|a choir tour',
        );
        make.one(
          'mishap',
          'a slipped disc|a pilot strike|a family bereavement|a lost passport|an approaching hurricane|a job interview|a measles outbreak|a court summons|a broken ankle|a bankrupt tour operator|a late visa|a sick dog|a volcanic eruption',
        );
        make.one(
          'ground',
          'the policy began after the booking|the notice came too late|the certificate was never handed in|such a cause is excluded|the operator had already paid the money back|the booking ran under another name|the trip was longer than permitted|the form carried no signature|a cheaper date had been declined|the annual limit was used up|the ticket could have been rebooked',
        );
        make.one(
          'body',
          'the ombudsman|the arbitration board|the complaints panel|the head office|the consumer court|the supervisory authority|the mediation service|the appeals committee|the customer council|the regional tribunal',
        );
        make.corrected('sum', 'money 150 9000');
      },
      facts: [
        '({Traveller} had to call off {trip} to {goal} because of {mishap}|Owing to {mishap}, {trip} to {goal} was called off by {traveller}|{Mishap} forced {traveller} to call off {trip} to {goal}).',
        {
          plain: '(Compensation of {sum} is sought|{Traveller} asks for {sum}|Amount claimed: {sum}).',
          wrong:
            '(The online form gives {sumWrong} as the amount claimed|By telephone {traveller} had asked for {sumWrong}).',
          right:
            '(Later {traveller} amended the claim to {sum}|Counting only what was booked, the claim stands at {sum}|By letter the amount claimed was put right: {sum}).',
        },
        '({Clerk} turned the claim down because {ground}|Since {ground}, the claim was turned down by {clerk}|Decision by {clerk}: nothing is paid, as {ground}).',
        '(The refusal rests on clause {clause}|Clause {clause} of the terms leaves no choice|Cases like this are dealt with in clause {clause}).',
        '(The premium of {premium} is returned as a gesture|As goodwill, the premium of {premium} goes back to {traveller}|All that {traveller} gets back is the premium of {premium}).',
        {
          last: '(An appeal to {body} is possible until {appeal}|{Traveller} can turn to {body} until {appeal}|Until {appeal} the decision may be taken to {body}).',
        },
      ],
      summaries: [
        '{Clerk} refused to pay {sum} for {trip} to {goal} that {traveller} called off because of {mishap}, since {ground}.',
        'The claim of {traveller} for {sum} was turned down under clause {clause}, as {ground}; an appeal to {body} is possible until {appeal}.',
        'Nothing is paid for {trip} to {goal}, called off because of {mishap}, as {ground}. {Traveller} only gets back the premium of {premium}.',
        'After {mishap}, {traveller} claimed {sum} for {trip} to {goal}, but {clerk} refused because {ground}; appeals run until {appeal}.',
      ],
      titles: ['Claim for {trip} to {goal} refused', '{Traveller}: no money for {trip}', 'Refusal after {mishap}'],
      fields: { customer: 'traveller', clerk: 'clerk', destination: 'goal', amount: 'sum', deadline: 'appeal' },
      labels: { 'claim: home, motor, travel, commercial': 'travel', 'outcome: paid, shared, refused, open': 'refused' },
    },
    {
      name: 'commercial',
      slots: (make) => {
        make.all({
          firm: 'company',
          place: 'place',
          owner: 'person',
          expert: 'person',
          halt: 'days 2 50',
          advance: 'money 500 9000',
          ruling: 'date',
        });
        make.one(
          'event',
          'a kitchen fire|a night-time burglary|a collapsed storage rack|a lightning strike|a hailstorm|a forklift accident|a power surge|a flooded basement|an ammonia leak|a failed freezer|an arson attack|a fallen chestnut tree|a dust explosion',
        );
        make.one(
          'stock',
          'forty pallets of cheese|the entire winter stock|two printing presses|a walk-in freezer with its contents|the tailoring workshop|six sewing machines|the paint shop|the display windows|a pottery kiln|the cherry harvest|the conveyor belt|a shipment of violins',
        );
        make.one(
          'papers',
          'the maintenance book|a stock list|the alarm history|sales figures for three years|the rental agreement|the purchase receipts|a letter from the fire brigade|the electrical certificate|the tax returns|photographs of the cellar|the keyholder list',
        );
        make.corrected('loss', 'money 4000 90000');
      },
      facts: [
        '(On the premises of {firm} in {place}, {event} cost the business {stock}|{Firm} lost {stock} through {event} in {place}|Through {event} in {place}, {stock} had to be written off at {firm}).',
        '(Business stood still for {halt}|Because of it, {firm} could not trade for {halt}|For {halt} no customer could be served).',
        {
          plain: '({Firm} puts its loss at {loss}|A loss of {loss} is claimed|Estimated loss: {loss}).',
          wrong:
            '(In a first call, a loss of {lossWrong} was named|{Owner} at once estimated the loss at {lossWrong}|The early estimate was {lossWrong}).',
          right:
            '(Having gone through the books, {owner} changed the estimate to {loss}|That estimate has since been replaced by {loss}|In writing, {owner} now gives {loss} as the loss).',
        },
        '(Before anything is decided, expert {expert} wants {papers}|Expert {expert} is still waiting for {papers}|Still missing, says expert {expert}: {papers}).',
        '(Manager {owner} has received an advance of {advance}|An advance of {advance} was granted to manager {owner}|To bridge the gap, manager {owner} was given an advance of {advance}).',
        {
          last: '(The decision is expected on {ruling}|{Expert} means to decide on {ruling}|A ruling is scheduled for {ruling}).',
        },
      ],
      summaries: [
        '{Firm} lost {stock} through {event} in {place}, a loss of {loss}; expert {expert} still needs {papers} and decides on {ruling}.',
        'The claim of {firm} for {loss} stays open until {ruling} because {expert} lacks {papers}. An advance of {advance} went to {owner}.',
        '{Event} in {place} cost {firm} {stock} and stopped business for {halt}; {owner} received an advance of {advance} on a loss of {loss}.',
        'No decision yet on {stock} lost by {firm} through {event}: {papers} must reach {expert} before the ruling on {ruling}.',
      ],
      titles: ['{Firm} loses {stock}', '{Event} at {firm} in {place}', 'Open claim of {firm} after {event}'],
      fields: { company: 'firm', place: 'place', manager: 'owner', expert: 'expert', amount: 'loss' },
      labels: {
        'claim: home, motor, travel, commercial': 'commercial',
        'outcome: paid, shared, refused, open': 'open',
      },
    },
  ],
  asides: [
    'The annual contribution (rises|falls) by <percent 2 9> from <month> <year> (for all members|in this tariff).',
    '(A brochure|A leaflet) about (smoke detectors|pension plans|bicycle locks) was (enclosed|sent along) on <date>.',
    'The branch at <street> (closes at noon on <day>|has a new receptionist, <first>).',
    '<person> (keeps|holds) a life insurance with <company>, (which plays no part here|which nobody asked about).',
    '(Letters|Faxes) to our old number <code> are (forwarded|lost) since <month>.',
    'An unrelated hail case of <year> (was closed after <days 9 60>|brought in <count 20 90> letters).',
    '(The file was passed|These pages went) from <first> to <first> (during the holidays|when the desks were moved).',
    'The hotline took <count 40 400> calls (last <day>|in that week), mostly about (storms|the new app).',
    '(Copies|Scans) of <count 3 40> pages were (made|ordered) at the cost of the department.',
    'A second policy, (numbered|kept as) <code>, (only insures a canoe|ran out in <year>|concerns an uncle).',
    '<company>, our reinsurer, (moved to <place>|changed its logo) in <month>.',
    'According to the (yearbook|trade press), <percent 20 80> of (households|firms) have (a similar tariff|no legal protection).',
    '<titled> of the legal desk (has read this|is on leave until <date>|had nothing to add).',
    '(An interpreter|A translator) was (booked|present) for <minutes 20 90>, at <money 30 200>.',
    'The garden shed, (insured separately for <money 200 2000>|built in <year>), was (untouched|not mentioned).',
    '(Our|The) computers were (updated|switched off) on <day>, so this page was (typed|filed) on <date>.',
    'A fraud check (of the routine kind|by machine) gave <count 2 30> points out of 100, (far below any alarm|which is ordinary).',
    '<first> (baked a cake|was thanked) for <few> years in the department.',
    'The training on <day> about (marine cargo|cattle) has <count 4 18> (places left|people enrolled).',
    '(The customer magazine|A newsletter) reaches <many 900 90000> homes and (appears|comes out) each <month>.',
  ],
};
