import type { Genre } from '../kind.js';

export const minutes: Genre = {
  name: 'meeting minutes',
  layouts: ['prose', 'prose', 'bullets', 'numbered'],
  heads: [
    'Minutes of the meeting of <date>',
    'Meeting notes, room <count 2 40>, taken by <person>',
    'Present: <person>, <person>, <person>. Absent: <person>.',
    'Weekly meeting, <day>, <time>',
    'Protocol <code>',
  ],
  kinds: [
    {
      name: 'budget',
      slots: (make) => {
        make.all({ lead: 'person', treasurer: 'person', due: 'date' });
        make.one(
          'project',
          'the new warehouse|the mobile app|the trade fair|the roof of the school|the van fleet|the customer survey|the archive|the canteen|the training room|the solar roof|the library|the youth camp|the web shop|the test lab',
        );
        make.one(
          'cut',
          'travel|advertising|furniture|outside staff|printing|software licences|the summer party|spare parts',
        );
        make.corrected('sum', 'money 3000 90000');
        make.draw('votes', 'count 4 19');
        make.draw('against', 'count 1 3');
      },
      facts: [
        '({Lead} presented the plan for {project}|The plan for {project} was presented by {lead}|{Lead} explained what {project} needs).',
        {
          plain: '(The cost is {sum}|It will cost {sum}|{Sum} are needed).',
          wrong: '({Lead} first named a cost of {sumWrong}|The paper says {sumWrong}).',
          right:
            '({Treasurer} corrected this to {sum}|With taxes it is {sum}, as {treasurer} pointed out|After a recalculation the sum is {sum}).',
        },
        '(To pay for it, spending on {cut} will be reduced|The money is taken from {cut}|{Treasurer} proposed to save on {cut}).',
        '(The budget was approved by {votes} votes to {against}|With {votes} votes against {against} it was accepted|{Votes} voted for it and {against} against).',
        { last: '({Lead} will report by {due}|A first report is due on {due}|{Lead} brings a schedule by {due}).' },
      ],
      summaries: [
        'The meeting approved {sum} for {project} by {votes} votes to {against}, saving on {cut}; {lead} reports by {due}.',
        '{Project} gets {sum}, paid for by cutting {cut}. {Lead} will report by {due}.',
        'By {votes} votes to {against}, {sum} were granted for {project}, presented by {lead}; spending on {cut} is reduced.',
      ],
      titles: ['{Sum} for {project}', 'Budget for {project} approved', 'Decision on {project}'],
      fields: { project: 'project', amount: 'sum', 'responsible person': 'lead', deadline: 'due' },
      labels: { 'decision: approved, postponed, rejected': 'approved' },
    },
    {
      name: 'postponed',
      slots: (make) => {
        make.all({ lead: 'person', critic: 'person', next: 'date', wait: 'days 10 90' });
        make.one(
          'project',
          'the move to <>|the launch of the new product|the merger of the two teams|the change of the supplier|the switch to the new software|the opening of the second shop|the new shift plan|the relaunch of the web site|the price increase'.replace(
            'the move to <>',
            'the move of the office',
          ),
        );
        make.one(
          'reason',
          'the permit is missing|too few people are available|the tests failed|the supplier is late|the contract is not signed|the costs are unclear|the works council was not asked|the data are not clean',
        );
        make.one(
          'task',
          'talk to the supplier|collect offers|ask the works council|repeat the tests|write a risk list|count the stock|check the contract|call the authority',
        );
        make.corrected('offers', 'count 3 40');
      },
      facts: [
        '({Lead} asked for a decision on {project}|Item one was {project}, brought in by {lead}|{Lead} wants to go ahead with {project}).',
        '({Critic} objected that {reason}|According to {critic}, {reason}|{Critic} pointed out that {reason}).',
        {
          plain: '({Offers} staff are concerned|It concerns {offers} people).',
          wrong: '({Lead} said that {offersWrong} people are concerned).',
          right:
            '({Critic} corrected the number of people concerned to {offers}|Personnel later gave the number as {offers}).',
        },
        '(The decision was postponed by {wait}|It was agreed to wait {wait}|The group put it off for {wait}).',
        '(Until then {critic} will {task}|{Critic} is to {task}|Task for {critic}: {task}).',
        { last: '(The next meeting is on {next}|It comes up again on {next}|To be decided on {next}).' },
      ],
      summaries: [
        'The decision on {project} was postponed by {wait} because {reason}; {critic} will {task} before the meeting on {next}.',
        '{Project}, proposed by {lead} and concerning {offers} people, has to wait: {reason}. Next discussion {next}.',
        '{Critic} objected to {project} since {reason}; it was put off for {wait}, and {critic} will {task}.',
      ],
      titles: ['{Project} postponed', 'No decision yet on {project}', '{Project} put off for {wait}'],
      fields: { proposer: 'lead', critic: 'critic', 'next meeting': 'next', delay: 'wait' },
      labels: { 'decision: approved, postponed, rejected': 'postponed' },
    },
    {
      name: 'rejected',
      slots: (make) => {
        make.all({ lead: 'person', chair: 'person', firm: 'company', vote: 'count 5 19', pro: 'count 1 4' });
        make.one(
          'idea',
          'a contract with|a joint stand with|the takeover of|a loan to|renting offices from|a licence from|a shared warehouse with|sponsoring of',
        );
        make.one(
          'reason',
          'it is too expensive|the risks are too high|there are better offers|the quality was poor|the company is in trouble|it would take too long|the law does not allow it|customers would not like it',
        );
        make.one(
          'instead',
          'a cheaper solution will be looked for|the old contract is extended|the work is done by own staff|two other firms are asked|the plan is given up|a smaller test is made',
        );
        make.corrected('price', 'money 4000 90000');
      },
      facts: [
        '({Lead} proposed {idea} {firm}|The proposal of {lead}: {idea} {firm}|On the table was {idea} {firm}, supported by {lead}).',
        {
          plain: '(The price would be {price}|It would cost {price}|{Price} would be due).',
          wrong: '({Lead} put the cost at {priceWrong}|The offer said {priceWrong}).',
          right:
            '({Chair} noted that it is in fact {price}|With all fees the cost is {price}|The cost was corrected to {price}).',
        },
        '(Most members thought that {reason}|The main objection was that {reason}|In the discussion it was said that {reason}).',
        '(With {vote} votes to {pro} the proposal was rejected|It was turned down by {vote} to {pro}|{Vote} voted against, {pro} for it).',
        { last: '({Chair} closed the item: {instead}|As the chair, {chair}, noted, {instead}|Instead, {instead}).' },
      ],
      summaries: [
        '{Idea} {firm} for {price}, proposed by {lead}, was rejected by {vote} votes to {pro} because {reason}; {instead}.',
        'The meeting turned down {idea} {firm} since {reason}. {Instead}.',
        'By {vote} to {pro}, members rejected {idea} {firm} at {price}; {instead}.',
      ],
      titles: ['{Idea} {firm} rejected', 'No to {firm}', 'Proposal of {lead} turned down'],
      fields: { proposer: 'lead', company: 'firm', price: 'price', chair: 'chair' },
      labels: { 'decision: approved, postponed, rejected': 'rejected' },
    },
  ],
  asides: [
    'The minutes of the last meeting were (approved|accepted) (without changes|with one correction).',
    '<person> (came at|left at) <time>.',
    '(Room <count 2 60>|The large hall) is (booked|being painted) (until|on) <date>.',
    '<first> thanked <first> for (the cake|the preparation|many years of work).',
    '(The summer party|The outing) will be on <date> in <place>.',
    '(Parking|The coffee machine|The heating) was (discussed|mentioned) once more, without result.',
    '<person> showed <count 4 60> slides on (the market|last year|a study from <place>).',
    'Sales in <month> were <percent 2 20> (above|below) those of <year>.',
    '(A letter|A mail) from <company> was (read out|noted).',
    'The (web site|newsletter) had <many 300 9000> readers in <month>.',
    '<first> is on (holiday|leave) until <date>; <first> stands in.',
    '(The flowers|A card) for <person> (were|was) paid from the cash box (<money 20 90>).'.replace(
      ' (<money 20 90>)',
      '',
    ),
    'A (new colleague|trainee), <person>, (introduced|presented) (herself|himself).',
    '(The fire drill|The safety training) took <minutes 8 50>.',
    'It was asked whether the (windows|chairs) could be (replaced|repaired); <first> will look.',
    '(The meeting|The session) was (interrupted|paused) for <minutes 5 25>.',
    '(Any other business|Miscellaneous): nothing (worth noting|of importance).',
  ],
};
