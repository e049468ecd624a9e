import type { Genre } from '../kind.js';

export const complaints: Genre = {
  name: 'order complaint',
  layouts: ['prose'],
  heads: ['Order <code>', 'Dear Sir or Madam,', 'Complaint received on <date>', 'Web form, topic: my order', 'Hello,'],
  kinds: [
    {
      name: 'damaged',
      slots: (make) => {
        make.all({ customer: 'person', order: 'code', item: 'product', shop: 'company', when: 'date' });
        make.one(
          'goods',
          'lamp|coffee machine|table|mirror|vase|monitor|guitar|bicycle|wardrobe|set of plates|telescope|aquarium|clock|drone|printer',
        );
        make.one(
          'fault',
          'a broken foot|a crack|deep scratches|a missing screw set|a dent|a torn cable|a wet box|a shattered glass',
        );
        make.one('wish', 'a replacement|a refund|a new part|a discount|that someone picks it up');
        make.corrected('price', 'money 30 2500');
      },
      facts: [
        '(On {when} I received the {goods} {item} from {shop} with {fault}|My order {order} from {shop}, a {goods} {item}, came on {when} with {fault}|The {goods} {item} that {shop} delivered on {when} has {fault}).',
        '(The order number is {order}|Please see order {order}|Order: {order}).',
        {
          plain: '(I paid {price}|It cost {price}|The price was {price}).',
          wrong: '(I think I paid {priceWrong}|From memory, it cost {priceWrong}).',
          right:
            '(Correction after a look at the invoice: {price}|The invoice says {price}, sorry|I have found the receipt: it was {price}).',
        },
        '(I would like {wish}|What I want is {wish}|I ask for {wish}).',
        { last: '(Regards, {customer}|Yours, {customer}|{Customer}).' },
      ],
      summaries: [
        '{Customer} received the {goods} {item} (order {order}, {price}) with {fault} on {when} and wants {wish}.'.replace(
          ' (order {order}, {price})',
          ' for {price}, order {order},',
        ),
        'The {goods} {item} from {shop} arrived on {when} with {fault}; {customer}, who paid {price}, asks for {wish}.',
        '{Customer} asks {shop} for {wish} because the {goods} {item} of order {order} has {fault}.',
      ],
      titles: ['{Goods} {item} with {fault}', 'Order {order}: {fault}', '{Customer} wants {wish}'],
      fields: { customer: 'customer', order: 'order', price: 'price', shop: 'shop', product: 'item' },
      labels: { 'reason: damaged, late, wrong item': 'damaged' },
    },
    {
      name: 'late',
      slots: (make) => {
        make.all({ customer: 'person', order: 'code', promised: 'date', carrier: 'company', wait: 'days 4 60' });
        make.one(
          'goods',
          'wedding dress|birthday present|freezer|school bag|tent|spare battery|winter tyres|mattress|passport photo printer|garden shed|baby bed|ski boots',
        );
        make.one(
          'need',
          'the wedding is over|the holiday starts soon|we sleep on the floor|the car stands still|the birthday has passed|the food is spoiling|school has begun',
        );
        make.one('wish', 'cancel the order|get the delivery at last|a voucher|the shipping cost back|an honest date');
        make.corrected('calls', 'count 2 14');
      },
      facts: [
        '(The {goods} of order {order} was promised for {promised}|Order {order}, a {goods}, should have come on {promised}|You promised the {goods} of order {order} for {promised}).',
        '(I have now waited {wait}|That is {wait} ago|The delay is {wait} by now).',
        {
          plain: '(I have called {calls} times|{Calls} calls have not helped).',
          wrong: '(I have called {callsWrong} times).',
          right:
            '(No, looking at my list, it was {calls} calls|Let me correct that: {calls} calls, as my phone shows).',
        },
        '({Carrier}, the carrier, knows nothing about it|The carrier {carrier} says it never got the parcel|According to {carrier} the parcel is still in the depot).',
        '(Meanwhile {need}|By now {need}|{Need}).',
        {
          last: '(I want to {wish}. {Customer}|Please let me {wish}. Best, {customer}|My wish: {wish}. {Customer}).'.replace(
            /I want to \{wish\}|Please let me \{wish\}/g,
            'What I want: {wish}',
          ),
        },
      ],
      summaries: [
        '{Customer} has waited {wait} for the {goods} of order {order}, promised for {promised}; {carrier} cannot help after {calls} calls. Wish: {wish}.',
        'The {goods} promised for {promised} is {wait} late, and {need}. {Customer} called {calls} times.',
        'Order {order}, a {goods}, is {wait} late; {need}, and {customer} demands: {wish}.',
      ],
      titles: ['{Goods} is {wait} late', 'Order {order} not delivered', '{Customer} waits for {goods}'],
      fields: { customer: 'customer', order: 'order', 'promised date': 'promised', carrier: 'carrier', delay: 'wait' },
      labels: { 'reason: damaged, late, wrong item': 'late' },
    },
    {
      name: 'wrong item',
      slots: (make) => {
        make.all({
          customer: 'person',
          order: 'code',
          ordered: 'product',
          came: 'product',
          shop: 'company',
          when: 'date',
        });
        make.one('thing', 'jacket|keyboard|pan|headset|drill|backpack|router|camera|watch|pair of shoes|puzzle|rug');
        make.one(
          'problem',
          'it does not fit|it has the wrong colour|it is an older model|it is for children|it lacks half of the functions|it is the wrong size',
        );
        make.one('wish', 'an exchange|the money back|the right one by express|a free return');
        make.corrected('sum', 'money 20 900');
      },
      facts: [
        '(I ordered the {thing} {ordered} and got {came} instead|Instead of the {thing} {ordered}, {shop} sent me {came}|{Shop} sent {came}, although I had ordered the {thing} {ordered}).',
        '(With {came}, {problem}|The trouble is that {problem}|Unfortunately {problem}).',
        {
          plain: '({Sum} were taken from my card|My card was charged {sum}).',
          wrong: '(My card was charged {sumWrong}, I believe).',
          right: '(The bank statement says {sum}|I looked again, it was {sum}|To be exact, it was {sum}).',
        },
        '(It is order {order} of {when}|I ordered on {when} under {order}|Number {order}, dated {when}).',
        '(Please send me {wish}|I ask for {wish}|I expect {wish}).',
        { last: '({Customer}|Thank you, {customer}|Sincerely, {customer}).' },
      ],
      summaries: [
        '{Shop} sent {came} instead of the {thing} {ordered} (order {order}); {customer}, charged {sum}, asks for {wish}.'.replace(
          '(order {order})',
          'of order {order}',
        ),
        '{Customer} ordered the {thing} {ordered} on {when} but got {came}, and {problem}. Wanted: {wish}.',
        'Wrong item in order {order}: {came} came for {ordered}. {Customer} paid {sum} and wants {wish}.',
      ],
      titles: ['{Came} instead of {ordered}', 'Wrong {thing} in order {order}', '{Shop} sent the wrong {thing}'],
      fields: {
        customer: 'customer',
        order: 'order',
        ordered: 'ordered',
        received: 'came',
        amount: 'sum',
        shop: 'shop',
      },
      labels: { 'reason: damaged, late, wrong item': 'wrong item' },
    },
  ],
  asides: [
    '(I have been a customer since|We buy from you since) <year> and (never had trouble|like your catalogue).',
    'The (driver|courier) was (friendly|in a hurry) and (wore a red cap|had a dog with him).',
    '(My neighbour|My sister) <first> ordered (the same|something similar) in <month> (without trouble|and is content).',
    'The box was (as large as a door|smaller than I thought), <count 30 120> cm.',
    '(I live on the third floor|We live at <street>), (the bell works|the name is on the door).',
    'Your (web site|app) took <minutes 2 20> to load.',
    '(The other parcel|Another order), <code>, came (on time|last week) and is fine.',
    '(I am writing this|I write) on a phone, (please excuse the typos|so I keep it short).',
    'The bonus points (<count 20 900>) have not been used.'.replace(' (<count 20 900>)', ', <count 20 900> of them,'),
    '(A colleague of yours|The chat robot) called <first> (was polite|asked me to wait).',
    '(It rained|The sun shone) when the parcel came, and the dog barked.',
    'I paid by (card|invoice|transfer) as (always|usual).',
    'In <place> the shop has (closed|moved to <street>).',
    '(My husband|My daughter) wanted to (call|write) (first|himself), but I said no.',
    '(The manual|The leaflet) has <count 4 90> pages in <few> languages.',
    'A friend from <place> had recommended (you|your shop).',
    'I will be away (from <date>|until <date>), my number is in the account.',
  ],
};
