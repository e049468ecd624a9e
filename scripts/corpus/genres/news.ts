import type { Genre } from '../kind.js';

export const news: Genre = {
  name: 'news brief',
  layouts: ['prose'],
  heads: [
    '{place}, <date>'.replace('{place}', '<place>'),
    '<place> (local desk)'.replace(' (local desk)', ', local desk'),
    'By <person>',
    'Regional news',
    'Updated at <time>',
  ],
  kinds: [
    {
      name: 'accident',
      slots: (make) => {
        make.all({ place: 'place', road: 'code', when: 'day', spokes: 'person', closed: 'span' });
        make.one(
          'vehicle',
          'a lorry|a school bus|a tanker|a tram|a motorcycle|a delivery van|a train|a tractor|a ferry|a crane lorry',
        );
        make.one(
          'event',
          'left the road|hit a bridge|overturned|caught fire|ran into a queue|lost its load|skidded on ice|struck a tree',
        );
        make.one(
          'cause',
          'a burst tyre|fog|a medical emergency|failed brakes|ice|a deer|a phone at the wheel|too high a speed',
        );
        make.corrected('hurt', 'count 2 40');
      },
      facts: [
        '(On {when} {vehicle} {event} near {place}|{Vehicle} {event} on {when} on road {road} near {place}|Near {place}, {vehicle} {event} on {when}).',
        {
          plain: '({Hurt} people were injured|{Hurt} people had to be taken to hospital).',
          wrong: '(Early reports spoke of {hurtWrong} injured|Witnesses said {hurtWrong} people were hurt).',
          right:
            '(The police later confirmed {hurt} injured|The number of injured was corrected to {hurt}|In the evening the hospital confirmed {hurt} injured).',
        },
        '(The road stayed closed for {closed}|Traffic was blocked for {closed}|It took {closed} to clear the road).',
        '(According to {spokes} of the police, {cause} was the cause|{Cause} was to blame, said police officer {spokes}|Police officer {spokes} named {cause} as the cause).',
      ],
      summaries: [
        '{Hurt} people were injured when {vehicle} {event} near {place} on {when}; {cause} was the cause and the road was closed for {closed}.',
        '{Vehicle} {event} near {place} because of {cause}, injuring {hurt} people and blocking the road for {closed}.',
        'Because of {cause}, {vehicle} {event} near {place} on {when}. {Hurt} people were hurt, police said.',
      ],
      titles: [
        '{Hurt} hurt as {vehicle} {event} near {place}',
        '{Vehicle} {event} near {place}',
        'Accident near {place}',
      ],
      fields: { place: 'place', injured: 'hurt', day: 'when', 'police officer': 'spokes' },
      labels: { 'topic: accident, business, council, sport': 'accident' },
    },
    {
      name: 'business',
      slots: (make) => {
        make.all({
          firm: 'company',
          place: 'place',
          boss: 'person',
          when: 'month',
          year: 'year',
          cost: 'money 20000 90000',
        });
        make.one(
          'deed',
          'open a factory|close its plant|build a warehouse|move its headquarters|start a research centre|take over a rival|set up a training school',
        );
        make.one(
          'why',
          'demand is rising|energy has become too dear|the old site is too small|customers want shorter ways|skilled workers are found there|rents are lower|exports have collapsed',
        );
        make.corrected('jobs', 'many 40 5000');
      },
      facts: [
        '({Firm} will {deed} in {place}|The company {firm} plans to {deed} in {place}|In {place}, {firm} is going to {deed}).',
        {
          plain: '({Jobs} jobs are concerned|It is about {jobs} jobs).',
          wrong: '(The union had spoken of {jobsWrong} jobs|A newspaper had reported {jobsWrong} jobs).',
          right:
            '(The company put the number of jobs at {jobs}|{Boss} confirmed that it is {jobs} jobs|It is {jobs} jobs, as was later made clear).',
        },
        '(Director {boss} gave as the reason that {why}|{Why}, explained director {boss}|The step is needed because {why}, said {boss}).',
        '(Work begins in {when} {year}|It is to be done by {when} {year}|The date is {when} {year}).',
        '(The cost is put at {cost} a month|{Cost} a month are set aside).',
      ],
      summaries: [
        '{Firm} will {deed} in {place} by {when} {year}, with {jobs} jobs concerned, because {why}.',
        'Director {boss} announced that {firm} will {deed} in {place}, as {why}; it concerns {jobs} jobs.',
        '{Jobs} jobs are concerned as {firm} is to {deed} in {place} in {when} {year}.',
      ],
      titles: ['{Firm} to {deed} in {place}', '{Jobs} jobs: {firm} to {deed}', '{Firm} plans for {place}'],
      fields: { company: 'firm', place: 'place', director: 'boss', jobs: 'jobs' },
      labels: { 'topic: accident, business, council, sport': 'business' },
    },
    {
      name: 'council',
      slots: (make) => {
        make.all({ place: 'place', mayor: 'person', start: 'date', pro: 'count 9 40', contra: 'count 2 8' });
        make.one(
          'plan',
          'a new cycle lane|a swimming pool|a second bridge|a ban on fireworks|free buses|a home for refugees|a new fire station|a dog park|solar panels on schools|a music school',
        );
        make.one(
          'critic',
          "shop owners|residents|the farmers|the opposition|a parents' group|the sports clubs|the church",
        );
        make.one('worry', 'noise|the cost|lost parking|the loss of trees|more traffic|long building works|rising fees');
        make.corrected('sum', 'money 9000 90000');
      },
      facts: [
        '(The council of {place} voted for {plan}|In {place} the council decided on {plan}|{Place} will get {plan}, the council decided).',
        '(The vote was {pro} to {contra}|{Pro} members voted for it, {contra} against|It passed by {pro} votes to {contra}).',
        {
          plain: '(It will cost {sum}|{Sum} have been set aside).',
          wrong: '(In spring a cost of {sumWrong} had been named|The first estimate was {sumWrong}).',
          right: '(Mayor {mayor} now speaks of {sum}|The cost has been put right to {sum}|The final sum is {sum}).',
        },
        '({Critic} fear {worry}|Criticism came from {critic}, who fear {worry}|{Worry} is what {critic} fear).',
        '(Work starts on {start}|According to mayor {mayor} it begins on {start}|The start is set for {start}).',
      ],
      summaries: [
        'The council of {place} approved {plan} for {sum} by {pro} votes to {contra}; {critic} fear {worry}. Start: {start}.',
        '{Place} gets {plan} at a cost of {sum}, starting on {start}, although {critic} fear {worry}.',
        'By {pro} to {contra} the council of {place} voted for {plan}, which costs {sum}; mayor {mayor} plans to start on {start}.',
      ],
      titles: ['{Place} votes for {plan}', '{Plan} for {place}', '{Sum} for {plan}'],
      fields: { place: 'place', mayor: 'mayor', cost: 'sum', start: 'start' },
      labels: { 'topic: accident, business, council, sport': 'council' },
    },
    {
      name: 'sport',
      slots: (make) => {
        make.all({
          home: 'place',
          away: 'place',
          hero: 'person',
          coach: 'person',
          minute: 'count 3 89',
          next: 'place',
        });
        make.one('score', '2-1|3-0|1-0|4-2|3-2|5-1|2-0|4-3');
        make.one(
          'place',
          'top of the table|second place|third place|the quarter-final|the semi-final|the final|safety',
        );
        make.one('trouble', 'a knee injury|a red card|a missed penalty|flu in the team|heavy rain|a change of coach');
        make.corrected('crowd', 'many 300 30000');
      },
      facts: [
        '({Home} beat {away} {score}|A {score} win for {home} over {away}|With a {score} win, {home} defeated {away}).',
        '({Hero} scored the decisive goal in minute {minute}|The decisive goal came from {hero} in minute {minute}|In minute {minute}, {hero} decided the match).',
        {
          plain: '({Crowd} people watched|There were {crowd} spectators).',
          wrong: '(The stadium speaker had announced {crowdWrong} spectators).',
          right:
            '(The club later gave the number as {crowd}|In fact {crowd} had come|The count was corrected to {crowd} spectators).',
        },
        '(The win brings {home} {place}|{Home} thereby reaches {place}|For {home} this means {place}).',
        '(It came in spite of {trouble}, said coach {coach}|Coach {coach} was proud, because of {trouble}|{Trouble} had made it hard, as coach {coach} said).',
        { last: '(Next they play {next}|The next match is against {next}).' },
      ],
      summaries: [
        '{Home} beat {away} {score} before {crowd} spectators through a goal by {hero} in minute {minute} and reached {place}.',
        'In spite of {trouble}, {home} won {score} against {away}; {hero} scored the decisive goal.',
        '{Hero} decided the {score} win of {home} over {away} in minute {minute}; it brings {place}, and {next} is next.',
      ],
      titles: ['{Home} beat {away} {score}', '{Hero} decides match for {home}', '{Home} reach {place}'],
      fields: { winner: 'home', loser: 'away', scorer: 'hero', coach: 'coach', spectators: 'crowd' },
      labels: { 'topic: accident, business, council, sport': 'sport' },
    },
  ],
  asides: [
    'The town of <place> has <many 900 90000> inhabitants (and lies by the river|and a famous market).',
    '(The weather is expected to turn|Forecasters expect) (colder|warm|stormy) by <day>.',
    'A similar (case|event) in <place> in <year> (made headlines|was soon forgotten).',
    '"(I have never seen anything like it|We are all a little surprised|It was a long day)," said <person>, who lives (nearby|around the corner).',
    '(In a survey|Asked by this paper), <percent 20 80> of <count 40 900> people (had no opinion|liked the old town hall).',
    'The library of <place> (shows|opens) an exhibition on (trains|bees|old maps) on <date>.',
    '(The local radio|A blog) had (asked for comments|sent a reporter).',
    'The (market|fair) in <place> takes place (as always|every <month>).',
    '<person>, a (teacher|baker|retired engineer), keeps a record of such things since <year>.',
    'Ticket prices for buses (rise|fall) by <percent 2 9> in <month>.',
    '(A ministry|An institute) in <place> (works on|has published) a study about (something similar|traffic and health).',
    'The (bridge|station) was built in <year> by <company>.',
    '(Tourism|Farming) is (important|on the rise) in the region, with <many 400 9000> beds.',
    'The photograph was taken by <person>.',
    '(Readers can write to|Letters go to) the desk at <street>.',
    'On <day> the (choir|fire brigade) of <place> celebrates its <count 20 150> years.',
  ],
};
