import type { Genre } from '../kind.js';

export const contracts: Genre = {
  name: 'contract',
  layouts: ['numbered', 'numbered', 'prose', 'prose'],
  heads: [
    'Amendment No. <count 2 14> to agreement <code>',
    'AGREEMENT <code>',
    'Framework contract, annex <few>',
    'Between the parties named below, signed in <place>',
    'Contract file <code>, clause sheet',
  ],
  kinds: [
    {
      name: 'amendment',
      slots: (make) => {
        make.all({ buyer: 'company', seller: 'company', number: 'code', start: 'date', old: 'money 2000 90000' });
        make.one(
          'object',
          'cleaning of the offices|hosting of the web shop|delivery of packaging|maintenance of the lifts|translation services|security staff|the lease of the warehouse|catering|supply of valves|transport of parcels|printing of catalogues|software support|waste removal|training of drivers',
        );
        make.one('per', 'a month|a quarter|a year');
        make.corrected('fee', 'money 2000 90000');
        make.draw('notice', 'days 10 120');
      },
      facts: [
        '({Buyer} (the buyer) and {seller} change contract {number} on {object}|Contract {number} between {buyer} and {seller} on {object} is changed as follows|The parties, {buyer} and {seller}, amend agreement {number} for {object}).'.replace(
          ' (the buyer)',
          '',
        ),
        '(The fee used to be {old} {per}|Until now the price was {old} {per}|Clause <few> named {old} {per}).',
        {
          plain: '(The fee is now {fee} {per}|From now on {fee} {per} are due|It is replaced by {fee} {per}).',
          wrong: '(The draft named a new fee of {feeWrong}|An earlier draft set {feeWrong} {per}).',
          right:
            '(The signed text sets {fee} {per}|This was corrected to {fee} {per} before signing|The parties agreed in the end on {fee} {per}).',
        },
        '(The change takes effect on {start}|It applies from {start}|Effective date is {start}).',
        '(Either party may terminate with {notice} notice|Notice is {notice}|The period of notice is set to {notice}).',
        { last: '(All other clauses remain unchanged|The rest of the agreement stays in force).' },
      ],
      summaries: [
        'From {start}, {buyer} pays {seller} {fee} {per} instead of {old} for {object}; notice is {notice}.',
        'Contract {number} between {buyer} and {seller} on {object} is amended: {fee} {per} from {start}, with {notice} notice.',
        'The fee for {object} changes from {old} to {fee} {per} on {start}, agreed by {buyer} and {seller}.',
      ],
      titles: ['{Fee} {per} for {object}', 'Amendment of contract {number}', 'New fee for {object}'],
      fields: {
        buyer: 'buyer',
        seller: 'seller',
        contract: 'number',
        fee: 'fee',
        'effective date': 'start',
        notice: 'notice',
      },
      labels: { 'kind of clause: amendment, liability, delivery': 'amendment' },
    },
    {
      name: 'liability',
      slots: (make) => {
        make.all({ buyer: 'company', seller: 'company', number: 'code', court: 'place', report: 'days 2 30' });
        make.one(
          'damage',
          'damage to buildings|loss of data|delays|personal injury|defects of the goods|loss of profit|damage in transit|breach of secrecy|errors in calculation',
        );
        make.one(
          'exception',
          'gross negligence|intent|injury to persons|breach of secrecy|damage by subcontractors|force majeure',
        );
        make.corrected('cap', 'money 5000 90000');
      },
      facts: [
        '({Seller} is liable to {buyer} for {damage}|For {damage}, {seller} answers to {buyer}|Liability for {damage} lies with {seller}; the other party is {buyer}).',
        {
          plain: '(It is limited to {cap} a case|The limit is {cap} for each event|Liability ends at {cap}).',
          wrong: '(The first version limits it to {capWrong}|The offer had named a limit of {capWrong}).',
          right:
            '(The limit was set to {cap} in the final version|In the final text the limit is {cap}|By letter of <date> the limit became {cap}).',
        },
        '(The limit does not hold for {exception}|{Exception} is excepted from the limit|In case of {exception} there is no limit).',
        '(Damage must be reported within {report}|{Buyer} has to report it within {report}|Claims lapse unless reported within {report}).',
        {
          last: '(The court of {court} decides|Place of jurisdiction is {court}|Disputes under {number} go to the court of {court}).',
        },
      ],
      summaries: [
        '{Seller} is liable to {buyer} for {damage} up to {cap}, except for {exception}; damage must be reported within {report}.',
        'Liability of {seller} for {damage} is limited to {cap} unless there is {exception}. Reports are due within {report}; court of {court}.',
        '{Buyer} can claim up to {cap} from {seller} for {damage} if reported within {report}.',
      ],
      titles: ['Liability of {seller} for {damage}', 'Limit of {cap} for {damage}', 'Liability clause: {damage}'],
      fields: { buyer: 'buyer', seller: 'seller', limit: 'cap', court: 'court', 'time to report': 'report' },
      labels: { 'kind of clause: amendment, liability, delivery': 'liability' },
    },
    {
      name: 'delivery',
      slots: (make) => {
        make.all({
          buyer: 'company',
          seller: 'company',
          site: 'place',
          due: 'date',
          penalty: 'percent 2 9',
          contact: 'person',
        });
        make.one(
          'goods',
          'solar panels|office chairs|steel beams|laptops|pumps|school books|uniforms|bicycles|medical gloves|traffic lights|seed potatoes|roof tiles|fire extinguishers|coffee machines|railway sleepers|window frames',
        );
        make.corrected('amount', 'many 40 20000');
      },
      facts: [
        '({Seller} delivers {goods} to {buyer}|{Buyer} orders {goods} from {seller}|Subject of the contract are {goods}, sold by {seller} to {buyer}).',
        {
          plain: '(The quantity is {amount} pieces|{Amount} pieces are to be delivered|In total {amount} pieces).',
          wrong: '(The order form names {amountWrong} pieces|Annex A still lists {amountWrong} pieces).',
          right:
            '(The parties corrected the quantity to {amount} pieces|Binding is the number in annex B, {amount} pieces|By amendment it became {amount} pieces).',
        },
        '(Delivery has to reach {site} by {due}|Place of delivery is {site}, latest date {due}|The goods must be in {site} on {due}).',
        '(For each week of delay {penalty} of the price is deducted|A delay costs {seller} {penalty} a week|The penalty for late delivery is {penalty} a week).',
        { last: '({Contact} receives the goods|Contact on site: {contact}|Questions go to {contact}).' },
      ],
      summaries: [
        '{Seller} delivers {amount} {goods} to {buyer} in {site} by {due}; delay costs {penalty} a week.',
        '{Buyer} buys {amount} {goods} from {seller}, due in {site} on {due}, with a penalty of {penalty} a week. Contact: {contact}.',
        'By {due}, {amount} {goods} from {seller} must reach {site}; {contact} receives them and late delivery costs {penalty} a week.',
      ],
      titles: ['{Amount} {goods} for {buyer}', 'Delivery of {goods} to {site}', '{Seller} delivers {goods}'],
      fields: {
        buyer: 'buyer',
        seller: 'seller',
        quantity: 'amount',
        'delivery date': 'due',
        contact: 'contact',
        place: 'site',
      },
      labels: { 'kind of clause: amendment, liability, delivery': 'delivery' },
    },
  ],
  asides: [
    'Headings are for (convenience|reading) only and do not (affect|change) the meaning.',
    '(This agreement|The agreement) is made in <few> copies, one for each party and one for the notary <last>.',
    '(Should a clause be invalid|If a clause is void), the others (remain valid|stay in force).',
    'Notices are sent to <street>, <place>.',
    '(Changes|Amendments) need the written form; this also holds for (this clause|a waiver of the written form).',
    'The parties keep (secret|confidential) what they learn (of each other|about the other side) for <count 2 10> years.',
    '(Earlier talks|The offer of <date>) (are not part of|do not bind) the parties.',
    'Working days are Monday to Friday, except for the holidays of <place>.',
    '<person> signs for one side, <person> for the other.',
    '(Invoices are payable within|Payment is due within) <days 7 60>.',
    'Interest on late payments is <percent 2 9> above the base rate.',
    'The law of (the seat of the seller|<place>) applies.',
    '(Force majeure|War, strike and flood) (releases|free) both parties from their duties while it lasts.',
    'A list of contact persons is kept in annex <few> and (updated|checked) every <month>.',
    'Data are handled according to the rules in annex <code>.',
    'Subcontractors (need consent|have to be named) in writing.',
    '(The insurance|A policy) of <company> covers <money 9000 90000> and has nothing to do with this clause.',
  ],
};
