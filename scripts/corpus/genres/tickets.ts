import type { Genre } from '../kind.js';

export const tickets: Genre = {
  name: 'support ticket',
  layouts: ['prose', 'prose', 'prose', 'prose', 'bullets'],
  heads: [
    'Ticket <code>, opened <date>',
    'From: <person>\nSubject: please help',
    'Channel: e-mail. Language: English.',
    'Customer since <year>. Plan: business.',
    'Support conversation <code>',
  ],
  kinds: [
    {
      name: 'defect',
      slots: (make) => {
        make.all({
          customer: 'person',
          product: 'product',
          version: 'version',
          good: 'version',
          when: 'date',
          ticket: 'code',
        });
        make.one(
          'action',
          'export a report|print a label|log in with a token|open a large file|change the language|import a table|sync the calendar|upload a photo|save a draft|share a folder|scan a barcode|add a second user|filter the list|restore a backup',
        );
        make.one(
          'symptom',
          'it crashes|it freezes|the screen stays white|it shows error <>|it logs him out|nothing happens|the data are gone afterwards|it asks for the password again|the file is empty|it prints the wrong page'.replace(
            'error <>',
            'an error code',
          ),
        );
        make.one(
          'workaround',
          'using the web version|turning off the antivirus|going back to the older version|clearing the cache|splitting the file|using another browser|restarting twice|saving under another name',
        );
        make.corrected('seats', 'count 3 240');
      },
      facts: [
        '({Customer} writes that since version {version} of {product} (they cannot|it is impossible to) {action}: {symptom}|Whenever {customer} tries to {action} in {product} {version}, {symptom}|In {product} {version}, {customer} can no longer {action}; {symptom}).',
        '(With version {good} everything (worked|was fine)|Version {good} did not have the problem|The last version that worked was {good}).',
        {
          plain: '(It concerns {seats} users|{Seats} colleagues have the same problem|All {seats} seats are hit).',
          wrong: '(They said {seatsWrong} users were hit|At first {customer} spoke of {seatsWrong} users).',
          right:
            '(They later wrote that it is {seats} users|On asking again, it is {seats} users|The admin counted again: {seats} users).',
        },
        '(For now they get along by {workaround}|We proposed {workaround}, which helped|{Workaround} helps for the moment).',
        {
          last: '(The developers track it as {ticket}; a fix is promised for {when}|Bug {ticket} was opened and a fix is due on {when}|A fix is planned for {when} ({ticket})).'.replace(
            ' ({ticket})',
            ', see {ticket}',
          ),
        },
      ],
      summaries: [
        'Since {product} {version}, {customer} and {seats} users cannot {action}; {workaround} helps until the fix on {when}.',
        '{Customer} reports that {product} {version} fails to {action} for {seats} users, while {good} worked. Tracked as {ticket}, fix due {when}.',
        '{Product} {version} does not let {seats} users {action}. Workaround: {workaround}; bug {ticket} is to be fixed by {when}.',
      ],
      titles: [
        '{Product} {version} cannot {action}',
        'Cannot {action} since version {version}',
        '{Product}: trying to {action} fails',
      ],
      fields: { customer: 'customer', product: 'product', version: 'version', ticket: 'ticket', users: 'seats' },
      labels: { 'category: bug, billing, how-to, account': 'bug', 'mood: angry, neutral, happy': 'neutral' },
    },
    {
      name: 'billing',
      slots: (make) => {
        make.all({ customer: 'person', firm: 'company', invoice: 'code', when: 'date', agent: 'first' });
        make.one(
          'reason',
          'was charged twice|was charged for seats that were cancelled|got the price of the old contract|did not get the promised discount|was charged after the end of the contract|was billed in the wrong currency|was charged for a trial',
        );
        make.one(
          'answer',
          'will be refunded|will be credited to the next invoice|was refunded the same day|goes back to the card within a week',
        );
        make.one(
          'anger',
          'is very annoyed|threatens to leave|is furious|wants to speak to a manager|calls it a disgrace',
        );
        make.corrected('sum', 'money 20 4000');
      },
      facts: [
        '({Customer} of {firm} {anger}, because the company {reason}|{Customer} {anger}: {firm} {reason}|According to {customer}, {firm} {reason} and {anger}).',
        '(The matter concerns invoice {invoice}|It is about invoice {invoice}|Invoice {invoice} is attached).',
        {
          plain: '(The difference is {sum}|The amount in question is {sum}|Too much was paid: {sum}).',
          wrong: '(The customer asks for {sumWrong} back|The mail speaks of {sumWrong} too much).',
          right:
            '(After checking, the right amount is {sum}|Accounting found that it is {sum}|The customer agreed that it is {sum}).',
        },
        '({Agent} confirmed that the amount {answer}|The amount {answer}, as {agent} wrote|{Agent} from billing answered that it {answer}).',
        {
          last: '(They expect a corrected invoice by {when}|A new invoice has to be sent by {when}|Deadline for the corrected invoice is {when}).',
        },
      ],
      summaries: [
        '{Firm} {reason} on invoice {invoice}; {sum} {answer}, and a corrected invoice is due by {when}.',
        '{Customer} {anger} because {firm} {reason}. {Agent} confirmed that {sum} {answer}.',
        '{Customer} complains about invoice {invoice}: {firm} {reason}. The {sum} {answer}; corrected invoice by {when}.',
      ],
      titles: ['{Firm} {reason}', 'Invoice {invoice}: {sum} too much', 'Wrong invoice {invoice} for {firm}'],
      fields: { customer: 'customer', company: 'firm', invoice: 'invoice', amount: 'sum', deadline: 'when' },
      labels: { 'category: bug, billing, how-to, account': 'billing', 'mood: angry, neutral, happy': 'angry' },
    },
    {
      name: 'how-to',
      slots: (make) => {
        make.all({
          customer: 'person',
          product: 'product',
          page: 'count 12 180',
          agent: 'first',
          number: 'many 200 9000',
        });
        make.one(
          'goal',
          'share a calendar with guests|move data to a new phone|set up a second language|schedule a monthly report|merge two accounts|label parcels automatically|restrict who may print|archive old projects|export contacts|sign documents|connect a scale|add a watermark',
        );
        make.one(
          'step',
          'switching on the admin option|creating a group first|installing the add-on|using the import wizard|setting a rule under Settings|choosing the advanced view|asking for an API key|renaming the folder',
        );
        make.one(
          'joy',
          'thanks us warmly|is delighted|says it works perfectly now|praises the quick help|gave five stars|is very happy',
        );
      },
      facts: [
        '({Customer} wants to know how to {goal} with {product}|{Customer} asks whether {product} can {goal}|How can one {goal} in {product}, asks {customer}).',
        '(It is about {number} entries|There are {number} records to handle|The account holds {number} items).',
        '({Agent} explained that it is done by {step}|The answer is {step}, as {agent} wrote|It works by {step}, said {agent}).',
        '(Page {page} of the manual shows it|The manual has it on page {page}|See page {page} of the guide).',
        { last: '({Customer} {joy}|The customer {joy}|After trying it, {customer} {joy}).' },
      ],
      summaries: [
        '{Customer} asked how to {goal} with {product} for {number} entries; {agent} explained {step} (page {page}), and the customer {joy}.'.replace(
          '(page {page})',
          'as on page {page}',
        ),
        'To {goal} in {product}, {agent} advised {step}, shown on page {page} of the manual. {Customer} {joy}.',
        '{Customer} can now {goal} in {product} by {step}, thanks to {agent}, and {joy}.',
      ],
      titles: ['How to {goal} in {product}', '{Product}: how to {goal}', 'Question: {goal}'],
      fields: { customer: 'customer', product: 'product', page: 'page', agent: 'agent' },
      labels: { 'category: bug, billing, how-to, account': 'how-to', 'mood: angry, neutral, happy': 'happy' },
    },
    {
      name: 'account',
      slots: (make) => {
        make.all({ customer: 'person', firm: 'company', user: 'code', from: 'person', when: 'date' });
        make.one(
          'wish',
          'transfer the account|close the account|unlock the account|change the owner of the account|add a second administrator|reset the second factor|rename the account',
        );
        make.one(
          'proof',
          'a copy of the register|a signed letter|a video call|the answer to the security question|the last invoice|a form with two signatures',
        );
        make.corrected('seats', 'count 2 300');
      },
      facts: [
        '({Customer} of {firm} asks us to {wish} {user}|{Firm} wants to {wish} {user}, writes {customer}|The request of {customer}, {firm}: {wish} {user}).',
        '(The account belonged to {from}, who has left|Until now {from} was in charge|{From}, the former administrator, cannot be reached).',
        {
          plain: '(It holds {seats} licences|There are {seats} licences on it).',
          wrong: '(The mail speaks of {seatsWrong} licences|The form says {seatsWrong} licences).',
          right:
            '(Our records show {seats} licences|In fact it holds {seats} licences|They corrected this to {seats} licences).',
        },
        '(We asked for {proof}|{Proof} is needed|As proof, {proof} was required) (, which came the next day|, which is still missing|).',
        { last: '(The change takes effect on {when}|It will be done on {when}|Planned date: {when}).' },
      ],
      summaries: [
        '{Customer} of {firm} asks to {wish} {user} with {seats} licences, formerly run by {from}; {proof} is required and the change is set for {when}.',
        '{Firm} wants to {wish} {user} because {from} has left. It holds {seats} licences and changes on {when}.',
        'Request by {customer}: {wish} {user} of {firm}, {seats} licences, after {proof}, on {when}.',
      ],
      titles: ['{Firm}: {wish} {user}', 'Request to {wish}', '{Customer} asks to {wish}'],
      fields: { customer: 'customer', company: 'firm', account: 'user', date: 'when', licences: 'seats' },
      labels: { 'category: bug, billing, how-to, account': 'account', 'mood: angry, neutral, happy': 'neutral' },
    },
  ],
  asides: [
    '(The customer|They) (uses|use) the (product|service) since <year>.',
    '(Hello|Hi|Good morning) and thank you for (reading this|your time|looking into it).',
    '(The computer|The laptop) is a <company> model of <year> with the latest updates.',
    '(An earlier ticket|Ticket <code>) was about (something else|another matter) and is closed.',
    '<first> from (sales|the front desk|accounting) had (promised a call back|passed the mail on) on <date>.',
    '(By the way|Also), the new (colours|icons|menu) (look good|take some getting used to).',
    'The office in <place> moves to <street> in <month>.',
    '(A screenshot|A log file) of <count 2 40> MB is attached.',
    '(The line was bad|The call was cut off) and (had to be repeated|we called again) at <time>.',
    '(They|The customer) also (asked|wanted to know) about prices for <count 5 80> more seats, which sales will answer.',
    'The network there is run by <company>.',
    '(We|I) (checked|looked at) the status page, which showed (no problem|all green).',
    '(Please|Kindly) answer to the address (above|in the signature), not to the one of <first>.',
    'The waiting time on the phone was <minutes 3 40>.',
    '(Someone|A colleague) tried it on a phone (as well|too), where the menu looks different.',
    'The survey that was sent on <date> was not (filled in|answered).',
    '(The weather in <place> is awful today|Greetings from <place>).',
    'Our own test with version <version> (of another product|on an old tablet) (says nothing about this|was not conclusive).',
  ],
};
