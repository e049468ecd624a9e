import type { Genre } from '../kind.js';

export const projects: Genre = {
  name: 'project report',
  layouts: ['prose', 'prose', 'prose', 'bullets', 'numbered'],
  heads: [
    'Project report no. <count 2 40>',
    'Steering committee paper, <date>',
    'Monthly report, <month> <year>',
    'Prepared by the programme office, <place>',
    'To all sponsors, from <person>',
  ],
  kinds: [
    {
      name: 'delayed',
      slots: (make) => {
        make.all({
          project: 'product',
          lead: 'person',
          done: 'percent 20 90',
          old: 'date',
          trial: 'date',
          site: 'place',
        });
        make.one(
          'goal',
          'a patient register|a bilingual website|a bottling line|a solar carport|a staff canteen|a fleet of electric vans|a nature trail|a ticketing app|a district heating loop|a seed laboratory|a museum audio guide|a flood barrier|a voice menu',
        );
        make.one(
          'snag',
          'steel arrived late|a key supplier went bankrupt|the permit is still missing|two engineers fell ill|the soil proved contaminated|the sample data were unusable|customs held back the motors|the interface was altered overnight|a Roman grave halted the digging|the union vetoed night work|the drawings contained an error|rain filled the trench',
        );
        make.one(
          'remedy',
          'hiring two temporary welders|working in double shifts|splitting the delivery in two|borrowing staff from a sister project|simplifying the design|ordering from a second source|moving rehearsals to the weekend|leaving out the least used feature|renting a bigger crane|training volunteers|preparing parts beforehand',
        );
        make.corrected('finish', 'date');
      },
      facts: [
        '(Project {project} is to give {site} {goal}|The aim of {project} is {goal} for {site}|{Site} ordered {goal}, known as project {project}).',
        '(It has fallen behind because {snag}|Since {snag}, the plan could not be kept|What threw us back: {snag}).',
        '(By now {done} of the work is complete|Progress stands at {done}|Of all tasks, {done} are done).',
        {
          plain:
            '(Instead of {old}, it will be finished on {finish}|The finish moves from {old} to {finish}|Originally due on {old}, the project now ends on {finish}).',
          wrong:
            '(The last report named {finishWrong} as the new finish, after {old} could not be kept|When {old} was given up, {finishWrong} was promised instead).',
          right:
            '(Even that date was withdrawn, and {finish} now counts|The finish has been set once more, to {finish}|According to the reworked plan it ends on {finish}).',
        },
        '({Lead}, who leads the project, wants to catch up by {remedy}|Project leader {lead} hopes to win back time by {remedy}|Time is to be regained by {remedy}, as project leader {lead} proposes).',
        {
          last: '(A trial run is set for {trial}|On {trial} a trial run takes place|{Lead} will present a trial run on {trial}).',
        },
      ],
      summaries: [
        'Because {snag}, project {project} will only be finished on {finish} instead of {old}; {lead} wants to catch up by {remedy}.',
        '{Goal} for {site} is late, with {done} complete: {snag}. The new finish is {finish}, after a trial run on {trial}.',
        '{Lead} hopes to bring the late project {project} to its finish on {finish} by {remedy}, since {snag}.',
        'With {done} of the work complete, {project} slips from {old} to {finish} because {snag}; the trial run is on {trial}.',
      ],
      titles: ['{Project} delayed: {snag}', 'Project {project} falls behind', '{Goal} for {site} comes late'],
      fields: { project: 'project', leader: 'lead', progress: 'done', deadline: 'finish', place: 'site' },
      labels: { 'status: delayed, over budget, completed, stopped': 'delayed', 'light: red, amber, green': 'amber' },
    },
    {
      name: 'over budget',
      slots: (make) => {
        make.all({ project: 'product', lead: 'person', payer: 'company', planned: 'money 9000 90000', vote: 'date' });
        make.one(
          'driver',
          'dearer copper|extra insulation|a third redesign|unexpected bedrock|consultancy fees|a weak currency|stricter fire rules|costly overtime|a second round of surveys|rented scaffolding|rising licence prices|asbestos in the walls|higher freight rates',
        );
        make.one(
          'cut',
          'drop the roof garden|reuse the old furniture|print fewer handbooks|do the painting in-house|shorten the opening ceremony|buy second-hand servers|give up the mobile version|halve the advertising|leave the attic unfinished|postpone the sculpture|use plain concrete',
        );
        make.one(
          'fear',
          'interest rates could climb|the contractor might walk away|a subsidy may be lost|the neighbours could sue|more rot may be hidden in the beams|prices could jump again|the exchange rate might slide|the best programmer may resign|winter could stop all work|the bank might hesitate',
        );
        make.corrected('overrun', 'money 2000 60000');
      },
      facts: [
        '(For {project}, {payer} had set aside {planned}|The budget for {project}, paid by {payer}, was {planned}|{Payer} granted {project} a budget of {planned}).',
        {
          plain:
            '(That budget is exceeded by {overrun}|The overrun amounts to {overrun}|Spending exceeds the plan by {overrun}).',
          wrong:
            '(In the quarterly forecast an overrun of {overrunWrong} was shown|An overrun of {overrunWrong} had been feared|The draft of this paper named {overrunWrong} as the overrun).',
          right:
            '(Now that all bills are in, the overrun is {overrun}|{Lead} has since recalculated the overrun: {overrun}|The controller struck out that figure and wrote {overrun}).',
        },
        '(Chief reason is {driver}|The blame lies with {driver}|{Driver} drove the cost up, as project leader {lead} admits).',
        '(To save money, {lead} proposes to {cut}|{Lead}, who leads the work, is ready to {cut}|One way out, says {lead}, would be to {cut}).',
        '(A risk remains: {fear}|{Lead} warns that {fear}|Nor is this all, for {fear}).',
        {
          last: '({Payer} votes on more money on {vote}|A vote on more money by {payer} is due on {vote}|On {vote} it is up to {payer} to vote on more money).',
        },
      ],
      summaries: [
        '{Project} exceeds its budget of {planned} by {overrun} because of {driver}; {payer} votes on more money on {vote}.',
        'Because of {driver}, project {project} costs {overrun} more than planned. {Lead} proposes to {cut} and warns that {fear}.',
        '{Lead} wants to {cut} after an overrun of {overrun} on {project}, and {payer} votes on more money on {vote}.',
        'An overrun of {overrun} on a budget of {planned} is due to {driver}. {Lead} proposes to {cut}, warning that {fear}.',
      ],
      titles: ['{Project} costs {overrun} more', '{Driver} strains the budget of {project}', '{Project} over budget'],
      fields: { project: 'project', leader: 'lead', sponsor: 'payer', amount: 'overrun', budget: 'planned' },
      labels: { 'status: delayed, over budget, completed, stopped': 'over budget', 'light: red, amber, green': 'red' },
    },
    {
      name: 'completed',
      slots: (make) => {
        make.all({
          project: 'product',
          lead: 'person',
          client: 'company',
          heir: 'person',
          ended: 'date',
          gain: 'percent 4 60',
          review: 'month',
        });
        make.one(
          'result',
          'a paperless archive|a robot for the paint line|a shared booking tool|a rebuilt reception hall|a faster sorting belt|a rainwater tank|a single price list|a quieter ventilation plant|a training kitchen|a digital herbarium|a redesigned catalogue|a bicycle garage',
        );
        make.one(
          'effect',
          'waiting times fell|energy use dropped|complaints went down|paper consumption shrank|visitor numbers grew|output rose|errors decreased|delivery speed improved|sick leave declined|scrap was reduced|turnover increased|staff satisfaction climbed',
        );
        make.one(
          'lesson',
          'users should be asked earlier|contracts need clear penalties|a pilot pays off|small teams decide faster|tests must not wait|old cables hide surprises|translations take time|one contact person is enough|drawings should be frozen early|weekly calls beat long mails|spare parts belong in the offer',
        );
        make.corrected('cost', 'money 8000 90000');
      },
      facts: [
        '(With {result}, project {project} for {client} came to an end on {ended}|On {ended} {client} signed for {result}, the outcome of project {project}|Project {project} was completed on {ended} and has given {client} {result}).',
        '(Since then {effect} by {gain}|{Effect} by {gain}, as {client} confirms|The benefit is plain: {effect} by {gain}).',
        {
          plain:
            '(All in all it cost {cost}|Final cost: {cost}|The books were closed with a cost of {cost}, below the limit).',
          wrong:
            '(A preliminary statement gave the cost as {costWrong}|{CostWrong} was first booked as the cost|The closing party heard of a cost of {costWrong}).',
          right:
            '(With the last credit note the cost comes to {cost}|Audited, the cost turned out to be {cost}|{Lead} amended the cost afterwards, to {cost}).',
        },
        '(The lesson, writes leader {lead}, is that {lesson}|"Next time we remember that {lesson}," says leader {lead}|Leader {lead} learned that {lesson}).',
        '(From now on {heir} looks after it|Operation passes to {heir}|Questions now go to {heir}, who takes it over).',
        {
          last: '(A last look back follows in {review}|In {review} the benefit is measured again|{Lead} returns in {review} to check how it works).',
        },
      ],
      summaries: [
        'Project {project} gave {client} {result} on {ended} for {cost}; {effect} by {gain}, and {heir} takes over.',
        '{Client} now has {result}, completed on {ended} under {lead}. {Effect} by {gain} at a cost of {cost}.',
        'Completed at a cost of {cost}, {project} passes to {heir}; {effect} by {gain}, and {lead} learned that {lesson}.',
        '{Lead} finished {project} on {ended}: {client} received {result}, {effect} by {gain}, and a check follows in {review}.',
      ],
      titles: [
        '{Project} completed for {client}',
        '{Client} receives {result}',
        '{Effect} by {gain} thanks to {project}',
      ],
      fields: { project: 'project', leader: 'lead', customer: 'client', cost: 'cost', date: 'ended' },
      labels: { 'status: delayed, over budget, completed, stopped': 'completed', 'light: red, amber, green': 'green' },
    },
    {
      name: 'stopped',
      slots: (make) => {
        make.all({
          project: 'product',
          chief: 'person',
          team: 'count 4 60',
          unit: 'place',
          file: 'code',
          until: 'date',
          lead: 'person',
        });
        make.one(
          'idea',
          'a drone delivery service|a holiday village|a loyalty card|an underground car park|a talking thermostat|a second brewery|a translation robot|an open-air opera|a vertical farm|a chain of pop-up shops|a floating hotel|a recycling depot',
        );
        make.one(
          'motive',
          'no buyer could be found|the law has changed|a rival was quicker|the technology is not ripe|the landowner withdrew|market research was sobering|the ministry refused its grant|safety could not be guaranteed|the partners fell out|demand had been overestimated|the patent belongs to others',
        );
        make.one(
          'salvage',
          'the market study|the tool kit|the wind measurements|a customer database|the prototype|two patents|the photo archive|a rented hall|the sensor library|the recipe book|the trained staff|the building plans',
        );
        make.corrected('spent', 'money 3000 90000');
      },
      facts: [
        '({Chief} has ended project {project}, which was to create {idea}|Project {project}, meant to create {idea}, was ended by {chief}|Hopes for {idea} are over, as {chief} has ended project {project}).',
        '(The reason given is that {motive}|It makes no sense any more because {motive}|Carrying on was pointless, since {motive}).',
        {
          plain:
            '(Up to now {spent} had been spent|The attempt has swallowed {spent}|Written off on this account: {spent}).',
          wrong:
            '(Rumour had it that {spentWrong} had been spent|The intranet announced that {spentWrong} was lost|In the hearing {spentWrong} was named as money spent).',
          right:
            '(The ledger shows what was really spent: {spent}|{Lead} made clear that {spent} had been spent|After returns and refunds the sum spent is {spent}).',
        },
        '(The {team} people of {lead} move to {unit}|{Lead} and a team of {team} go to {unit}|New work in {unit} has been found for {lead} and {team} others).',
        '(We intend to keep {salvage}|{Salvage} will be used elsewhere|Others may make use of {salvage}).',
        {
          last: '(All papers are stored as {file} until {until}|Until {until} the papers remain in file {file}|{Lead} must clear up and file the papers as {file} by {until}).',
        },
      ],
      summaries: [
        '{Chief} ended project {project} for {idea} because {motive}; {spent} had been spent, and the team of {team} moves to {unit}.',
        'After spending {spent}, the company gives up {idea}, as {motive}. {Salvage} will be kept for other uses.',
        'Since {motive}, {project} is over: {lead} and {team} others go to {unit}, and {salvage} can be used elsewhere.',
        '{Spent} was spent on {idea} before {chief} ended {project} because {motive}; its papers are in file {file}.',
      ],
      titles: ['{Chief} ends project {project}', 'No future for {idea}', '{Project} stopped: {motive}'],
      fields: { project: 'project', leader: 'lead', place: 'unit', amount: 'spent', file: 'file' },
      labels: { 'status: delayed, over budget, completed, stopped': 'stopped', 'light: red, amber, green': 'red' },
    },
  ],
  asides: [
    'The (project room|meeting corner) in <place> got (new chairs|a coffee machine) for <money 80 900>.',
    '<person> (gave|held) a talk on (agile methods|negotiation) before <count 12 90> (guests|listeners) in <month>.',
    'A sister (venture|undertaking) called <product> (sails on calmly|is not part of these pages) under <first>.',
    '(The template of this report|This form) dates from <year> and has <count 6 30> (boxes|sections), (most of them blank|some obsolete).',
    '(Holidays|Public holidays) in <month> (are taken into account|leave <count 12 19> working days).',
    'The (newsletter|blog) about our trade has <many 300 9000> readers, (among them <titled>|it is said).',
    '<first> and <first> (passed|took) the certificate exam with <percent 71 95> of the points.',
    '(The steering group|Everybody) visited (a castle|a dairy|a shipyard) near <place> on <date>.',
    'Access badge <code> was (lost and found|replaced) (twice|on <day>).',
    '(Auditors from <company>|Two students) (borrowed|read) the glossary for <days 3 20>.',
    'Room <count 2 90> is (painted|occupied by <company>) until <month>, so we (meet|sit) (downstairs|in the library).',
    'The (shared drive|wiki) holds <many 300 9000> pages, (half of them from <year>|none of which is secret).',
    '(A survey|A poll) among <count 20 90> (employees|interns) about lunch (is under way|drew <percent 20 70> replies).',
    '<titled> (sends greetings|asks for large print) and (will be back in <month>|sits in <place> these days).',
    'The framework contract with <company> allows (rebates of <percent 2 9>|orders up to <money 300 3000>), which (is unchanged|nobody used).',
    '(Our mascot|The team photo) (hangs|can be seen) on floor <few>, (next to the lift|by the window).',
    'An (exhibition|open day) for schools drew <count 30 300> children (on <day>|in spite of the heat).',
    '<count 3 40> (minor|cosmetic) items on list <code> were (ticked off|renumbered).',
    '(For comparison|As a yardstick), a similar undertaking in <place> needed <few> years and <count 9 70> people.',
    'Minutes of the kick-off in <year> (were taken by <person>|are kept as <code>).',
  ],
};
