import type { Genre } from '../kind.js';

export const incidents: Genre = {
  name: 'incident report',
  layouts: ['prose', 'prose', 'prose', 'log', 'bullets'],
  heads: [
    'Incident <code> - post-mortem',
    'Post-incident review, written by <person>',
    'Status: closed. Severity <few>. Author: <person>',
    'INCIDENT REPORT <date>',
    'Review of the outage, draft <few>',
  ],
  kinds: [
    {
      name: 'outage',
      slots: (make) => {
        make.all({ start: 'time', owner: 'person', ticket: 'code', version: 'version' });
        make.one(
          'service',
          'checkout|login|search|payments|the booking page|the mobile gateway|invoice export|the customer portal|the message queue|image upload|the reporting service|the label printer service|the address lookup|the wallet API|the chat backend',
        );
        make.one(
          'cause',
          'an expired certificate|a full disk|a wrong firewall rule|a memory leak|a missing index|a bad configuration flag|a failed switch|a deadlock in the database|a broken DNS record|an exhausted connection pool|a looping retry|a stale cache key|a clock that ran ahead|a revoked API token',
        );
        make.one(
          'fix',
          'rolling back the release|restarting the cluster|renewing the certificate|moving traffic to the second region|clearing the queue|adding memory to the nodes|restoring the old rule|switching to the standby database|raising the connection limit|disabling the new feature',
        );
        make.corrected('users', 'many 120 90000');
        make.corrected('length', 'span');
      },
      facts: [
        '(At|Around|Shortly after) {start} (monitoring reported that {service} was failing|alarms went off for {service}|{service} stopped answering requests|the first customers could not use {service}).',
        {
          plain: '(In all, {users} users were affected|The outage hit {users} customers|{users} users saw errors).',
          wrong:
            '(First estimates spoke of {usersWrong} affected users|The early count was {usersWrong} customers|It was first reported that {usersWrong} users were hit).',
          right:
            '(The logs later showed that it was {users} users|The number was later corrected to {users} users|A full count put the affected users at {users}).',
        },
        '(The root cause was {cause}|Engineers traced the problem to {cause}|It turned out that {cause} was behind it|The failure was caused by {cause}), (introduced with version {version}|present since version {version}|which version {version} had brought in).',
        '({Owner} restored service by {fix}|Service came back after {owner} ended it by {fix}|{Owner} solved it by {fix}).',
        {
          plain:
            '(The disruption lasted {length}|Service was down for {length}|It took {length} until everything was back).',
          wrong: '(The status page spoke of {lengthWrong} of downtime|At first the downtime was put at {lengthWrong}).',
          right: '(The true downtime was {length}|According to the metrics it lasted {length}, not {lengthWrong}).',
        },
        {
          last: '(A follow-up is tracked in {ticket}|The follow-up work is {ticket}|Ticket {ticket} holds the remaining work).',
        },
      ],
      summaries: [
        '{Service} failed at {start} because of {cause} and affected {users} users for {length}; {owner} fixed it by {fix}.',
        '{Cause} took down {service} for {length}, hitting {users} users. {Owner} restored it by {fix}; follow-up in {ticket}.',
        '{Users} users were affected when {cause} brought down {service} at {start}; it was solved by {fix} after {length}.',
      ],
      titles: ['{Service} down because of {cause}', 'Outage of {service}: {cause}', '{Length} outage of {service}'],
      fields: {
        service: 'service',
        owner: 'owner',
        ticket: 'ticket',
        'start time': 'start',
        'affected users': 'users',
        duration: 'length',
      },
      labels: { 'type of incident: outage, data loss, security': 'outage' },
    },
    {
      name: 'data loss',
      slots: (make) => {
        make.all({ when: 'date', owner: 'person', ticket: 'code', team: 'last' });
        make.one(
          'data',
          'orders|invoices|patient forms|sensor readings|support tickets|user settings|audit entries|photos|time sheets|stock counts|bookings|delivery notes|survey answers|price lists',
        );
        make.one(
          'cause',
          'a faulty clean-up script|a migration that ran twice|a failed disk in the array|a wrong time zone|an operator who deleted the wrong folder|a bug in the import|a truncated file transfer|a retention rule set too short|a sync that wrote empty values',
        );
        make.one(
          'source',
          "last night's backup|the replica|the partner's copy|paper records|the event log|a snapshot of the day before|the archive",
        );
        make.corrected('lost', 'many 40 60000');
        make.draw('back', 'percent 61 99');
      },
      facts: [
        '(On {when} staff noticed that {data} were missing|The loss of {data} was discovered on {when}|On {when} a customer asked for {data} that were no longer there).',
        {
          plain: '({Lost} {data} were gone|The team counted {lost} lost {data}|{Lost} {data} had been removed).',
          wrong: '(The first report named {lostWrong} {data}|It looked as if {lostWrong} {data} were gone).',
          right:
            '(After a comparison the number was corrected to {lost}|The real number was {lost}, as a later check confirmed|It was later confirmed that {lost} {data} were gone).',
        },
        '(The loss was caused by {cause}|{Cause} had removed them|The reason was {cause}).',
        '({Owner} restored {back} of them from {source}|From {source}, {owner} brought back {back}|{Back} could be recovered from {source} by {owner}).',
        {
          last: '(The rest is handled under {ticket}|Work on the rest goes on in {ticket}|See {ticket} for what is still open).',
        },
      ],
      summaries: [
        '{Cause} deleted {lost} {data}, found on {when}; {owner} recovered {back} from {source}, and the rest is tracked in {ticket}.',
        '{Lost} {data} were lost through {cause}. {Owner} restored {back} of them from {source}.',
        'On {when} {lost} {data} were found missing because of {cause}; {back} came back from {source}.',
      ],
      titles: ['{Lost} {data} lost through {cause}', 'Loss of {data}', '{Data} deleted by {cause}'],
      fields: { owner: 'owner', ticket: 'ticket', date: 'when', 'lost records': 'lost', 'recovered share': 'back' },
      labels: { 'type of incident: outage, data loss, security': 'data loss' },
    },
    {
      name: 'security',
      slots: (make) => {
        make.all({ when: 'date', finder: 'person', ticket: 'code', victim: 'company' });
        make.one(
          'way',
          "a phishing mail|a reused password|an open storage bucket|an unpatched server|a stolen laptop|a leaked API key|a forged invoice|a former contractor's account|a malicious browser extension",
        );
        make.one(
          'what',
          'customer addresses|salary lists|source code|contracts|test results|e-mail archives|design drawings|bank details|access badges',
        );
        make.one(
          'measure',
          'all passwords were reset|the account was closed|the server was rebuilt|two-factor login became mandatory|the keys were rotated|the bucket was closed|the laptop was wiped remotely|outside access was cut',
        );
        make.corrected('records', 'many 30 20000');
      },
      facts: [
        '(On {when} {finder} noticed an unusual login at {victim}|{Finder} reported strange traffic at {victim} on {when}|An alert reached {finder} of {victim} on {when}).',
        '(The intruder had come in through {way}|Access was gained by {way}|It began with {way}).',
        {
          plain: '({Records} records with {what} were copied|The attacker took {records} records of {what}).',
          wrong:
            '(At first {recordsWrong} records with {what} were thought to be copied|The first notice to the authority named {recordsWrong} records of {what}).',
          right:
            '(The investigation ended with {records} records|The figure was later corrected to {records} records|It was later established that {records} records had been copied).',
        },
        '(As a consequence {measure}|Within the hour {measure}|The same day {measure}).',
        { last: '(The case is filed as {ticket}|Reference: {ticket}|All evidence is kept under {ticket}).' },
      ],
      summaries: [
        'Through {way} an intruder copied {records} records of {what} from {victim}, noticed by {finder} on {when}; {measure}.',
        '{Victim} lost {records} records with {what} to an attack by {way}. {Measure}, and the case is filed as {ticket}.',
        '{Finder} found on {when} that {records} records of {what} had been copied at {victim} after {way}; {measure}.',
      ],
      titles: [
        'Break-in at {victim} through {way}',
        '{Records} records copied at {victim}',
        '{What} stolen from {victim}',
      ],
      fields: { company: 'victim', 'reported by': 'finder', case: 'ticket', date: 'when', records: 'records' },
      labels: { 'type of incident: outage, data loss, security': 'security' },
    },
  ],
  asides: [
    '(The on-call rota had been changed the week before|<person> had joined the on-call rota <days 2 20> earlier).',
    'The (dashboard|status page) was (redesigned|moved) in <month> and (is|was) not involved.',
    '(A similar alarm in <month> had been a false one|An alarm of <month> turned out to be a test).',
    'The call was joined by <person>, <person> and a colleague from <company>.',
    '(Backups|Log shipping|The nightly batch) ran as planned and finished at <time>.',
    '<person> (suggested|asked whether) the (vendor <company>|supplier) should be (called|informed), but (this was not needed|nobody followed it up).',
    'Traffic was (<percent 2 40> below|<percent 2 40> above) that of a usual <day>.',
    'The (office|data centre) in <place> (was not affected|noticed nothing|had a planned power test on the same day).',
    'Support answered <count 8 90> (calls|chats) (that morning|during the shift), most of them about (other topics|a price change).',
    '(An unrelated deployment|Version <version> of another service) went out at <time> without (trouble|any problem).',
    '(The runbook was last reviewed in <month> <year>|The runbook has <count 3 30> pages and was reviewed in <month>).',
    'Disk use was at <percent 20 80> and (is expected to grow|has not changed since <month>).',
    '(Lunch for the team|A taxi home) was (paid for|ordered) by <first>.',
    'The contract with <company> (ends in <month>|was renewed in <year>).',
    '(Two|Three|Four) (dashboards|graphs) are attached for those who want to (look at them|see the details).',
    '<first> (took the notes|wrote down the timeline), <first> (corrected|read) them.',
    'The next (drill|review) is planned for <date>.',
    '(Nobody|No one) was (hurt|in the building|harmed).',
  ],
};
