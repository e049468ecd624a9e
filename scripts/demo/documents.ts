/** What the sample table holds: texts of the kinds that people have columns of. All of them were made up for this purpose. */
export interface SampleDocument {
  readonly title: string;
  readonly kind: 'news' | 'support' | 'report' | 'review' | 'notes' | 'letter';
  /** The day, of 2025. */
  readonly day: string;
  readonly tags: readonly string[];
  /** Where somebody gave one. */
  readonly rating: number | null;
  readonly document: string;
}

export const DOCUMENTS: readonly SampleDocument[] = [
  {
    title: 'Council agrees on schools',
    kind: 'news',
    day: '01-14',
    tags: ['council', 'schools'],
    rating: null,
    document: `The council approved a new budget for schools and libraries after a long debate on Tuesday night. Two more teachers will start in
spring, and the library by the harbour stays open until eight in the evening. The money comes from parking fees, which rise by ten percent. Several
shop owners had spoken against that. The mayor promised to look at the figures again after a year.`,
  },
  {
    title: 'Export breaks on line breaks',
    kind: 'support',
    day: '01-16',
    tags: ['export', 'csv', 'bug'],
    rating: 2,
    document: `Export to CSV fails when a cell holds a line break. Version 2.3 wrote the cell in quotes, version 2.4 does not, and every row after it is
shifted by one column. Going back to 2.3 helps. A file that shows it is attached. We send these files to a partner every night, so a quick fix would
be welcome. Until then we replace line breaks by spaces before the export.`,
  },
  {
    title: 'Heating of samples A and B',
    kind: 'notes',
    day: '01-20',
    tags: ['lab'],
    rating: null,
    document: `Sample B was heated to 80 degrees for ten minutes and then cooled in water. It turned from clear to pale yellow at 62 degrees. Sample A,
heated twice as slowly, stayed clear. The thermometer was checked against ice before and after. We will repeat both with a second batch next week and
keep a part of sample B in the dark, because light may matter as well.`,
  },
  {
    title: 'The lamp that was green',
    kind: 'letter',
    day: '01-23',
    tags: ['order', 'delivery'],
    rating: 2.5,
    document: `I ordered a blue lamp on the third of January and was sent a green one. Your shop took it back without a question, but the right one has
not come yet, and the page that shows where it is has said "soon" for nine days. I need it for a room that we let to guests from February on. If you
no longer have the blue one, please just send the money back.`,
  },
  {
    title: 'Ferry pier closed for repairs',
    kind: 'news',
    day: '02-02',
    tags: ['traffic', 'harbour'],
    rating: null,
    document: `The old ferry pier will be closed from Monday on. Divers found cracks in four of its twelve pillars during a routine check last week. Until
the repairs are done, ferries leave from the fish market, five minutes further north. The port authority expects the work to take until the end of
April. Tickets stay valid, and a free bus goes between both places in the morning and in the evening.`,
  },
  {
    title: 'Quarterly report of the workshop',
    kind: 'report',
    day: '02-05',
    tags: ['figures', 'workshop'],
    rating: null,
    document: `The workshop repaired 412 bicycles in the last quarter, a fifth more than in the quarter before. Most of the growth came from two schools that
now send theirs to us. The average repair took 48 minutes, four minutes less than a year ago, because frequent parts lie within reach now. Costs for
spare parts rose by seven percent. We suggest to keep prices as they are until summer and to train a third person for brakes.`,
  },
  {
    title: 'A quiet hotel by the river',
    kind: 'review',
    day: '02-11',
    tags: ['travel', 'hotel'],
    rating: 4.5,
    document: `We stayed for three nights in a room to the river and slept better than at home. Breakfast is small but good, with bread from the bakery
next door. The stairs are steep and there is no lift, which is worth knowing with heavy bags. The owner lent us two bicycles and drew a map of the
best way along the water. Only the shower had its own ideas about warm and cold.`,
  },
  {
    title: 'Login fails after the update',
    kind: 'support',
    day: '02-12',
    tags: ['login', 'update'],
    rating: 3,
    document: `Since the update on Monday nobody in our office can log in with a password that has an umlaut. The page says that the password is wrong.
Resetting it to one without umlauts works. Our colleagues in the other building, who have not updated yet, are not affected. We have about sixty
accounts, and asking everyone to change the password is not something we would like to do.`,
  },
  {
    title: 'Minutes of the garden meeting',
    kind: 'notes',
    day: '02-17',
    tags: ['garden', 'minutes'],
    rating: null,
    document: `Eleven members came. The water pipe at the north fence froze in January and will be replaced before the season starts; Ines asks two firms for
an offer. The shed gets a new lock, and keys are handed out at the next meeting. We talked about bees again. Most were in favour if the hives stand
behind the hedge. Two members are allergic, so a decision waits until we know what their doctors say.`,
  },
  {
    title: 'Power cut in the old town',
    kind: 'news',
    day: '02-21',
    tags: ['energy'],
    rating: null,
    document: `About 3,000 homes in the old town were without electricity for two hours on Thursday evening. An excavator had cut a cable at the corner of
Mill Lane. Restaurants served by candlelight, and the cinema gave everybody's money back. The hospital was not affected because it has a supply of its
own. The builder says that the cable was not where the plans show it. The network company wants to check its plans of the whole quarter now.`,
  },
  {
    title: 'Why the night shift was slower',
    kind: 'report',
    day: '03-03',
    tags: ['figures', 'logistics'],
    rating: null,
    document: `Between January and February the night shift packed nine percent fewer parcels an hour than the day shift. We looked at three causes. The light
above lines two and three was weaker than the rule asks for and was replaced on 20 February. Since then half of the gap is gone. New staff mostly start
at night, which explains another part. Breaks were not longer. We recommend to mix new and experienced people and to measure again in May.`,
  },
  {
    title: 'Boots for wet weather',
    kind: 'review',
    day: '03-04',
    tags: ['outdoor', 'shoes'],
    rating: 4,
    document: `After four months of rain and mud these boots are still dry inside. They were stiff during the first week and rubbed at the heel; thick socks
helped. The sole grips well on wet stone, less so on ice. I would order half a size larger, as others here have said. The laces tore in the third month,
but the shop sent new ones the same day.`,
  },
  {
    title: 'Thank you from class 4b',
    kind: 'letter',
    day: '03-10',
    tags: ['school', 'visit'],
    rating: 5,
    document: `Dear fire brigade, thank you for showing us your station last week. We liked the pole best, and the heavy helmet. Now we know that smoke goes up
and that we should crawl to the door. Jonas has told his parents to buy a smoke alarm, and they did. Could you visit our summer party and bring the
small engine? We would save you a piece of every cake.`,
  },
  {
    title: 'Printer takes the wrong tray',
    kind: 'support',
    day: '03-12',
    tags: ['printer'],
    rating: 3.5,
    document: `The printer on the second floor takes paper from tray one although tray two is chosen in the dialog. It happens from Windows only. I have
installed the driver again and restarted both machines. If I choose the tray at the printer itself, it works once and is forgotten after that. Firmware
is 7.1.2. Could you tell me whether a newer one is safe to install during the day?`,
  },
  {
    title: 'Interview with a bridge keeper',
    kind: 'news',
    day: '03-19',
    tags: ['people', 'harbour'],
    rating: null,
    document: `For thirty-one years Marta Olsen has raised and lowered the bridge at the lock. In the beginning she did it with a wheel, now she presses two
buttons. Up to forty ships pass on a summer day. Her favourite is an old tug that still greets with its steam whistle. Next month she retires, and
the bridge will be run from a control room in the city. She has asked to press the button herself on the last evening.`,
  },
  {
    title: 'Counting swallows',
    kind: 'notes',
    day: '04-02',
    tags: ['birds', 'field'],
    rating: null,
    document: `First swallows on 29 March, four days earlier than last year. We counted at the mill from six to nine in the morning. There were 14 birds on
Saturday, 22 on Sunday and none on Monday, when it rained. Of the 31 old nests under the roof 19 are whole. Two were taken by sparrows. The farmer has
promised to leave the small window of the barn open until September. Next count in two weeks.`,
  },
  {
    title: 'Energy use of the sports hall',
    kind: 'report',
    day: '04-08',
    tags: ['energy', 'figures'],
    rating: null,
    document: `The sports hall used 18 percent less energy than in the year before the new windows. Half of that is due to the mild winter, as the neighbouring
hall shows, which got no windows and used nine percent less. Hot water has become the largest share. The showers run at 58 degrees all day although
clubs use them from five in the evening only. A timer would cost 900 euros and pay for itself within fourteen months.`,
  },
  {
    title: 'A thick book about salt',
    kind: 'review',
    day: '04-11',
    tags: ['books', 'history'],
    rating: 3.5,
    document: `Who would have thought that one can write 600 pages about salt? The first half is wonderful: roads, taxes and whole towns that lived from white
crystals. Then the author loses himself in tables of prices. The chapter on preserving fish made me hungry, the one on law made me sleepy. Maps would
have helped, and an index. Still, I look at the shaker on my table with more respect than before.`,
  },
  {
    title: 'Noise from the new fan',
    kind: 'letter',
    day: '04-22',
    tags: ['noise', 'neighbours'],
    rating: 1.5,
    document: `To the owners of the bakery: since Easter the new fan above your back door runs from three in the morning on. Our bedroom is four metres away.
We like your bread and do not want a quarrel. A friend who builds such things says that a longer pipe and a damper would make it half as loud. Could
you have someone look at it? Until then, starting it at five would already help us very much.`,
  },
  {
    title: 'Reports show yesterday twice',
    kind: 'support',
    day: '04-28',
    tags: ['reports', 'time zone', 'bug'],
    rating: 2,
    document: `Our weekly report shows the last Sunday of March twice and leaves out the Monday after it. We believe that it has to do with the change to summer
time. The data in the database is right: a query for Monday returns 1,204 orders. The report for last year has the same gap, which nobody had noticed.
We are in Lisbon, the server runs in Frankfurt. Please tell us whether old reports can be made again.`,
  },
  {
    title: 'Swimming pool opens early',
    kind: 'news',
    day: '05-06',
    tags: ['sports', 'council'],
    rating: null,
    document: `The outdoor pool opens on 10 May, two weeks earlier than planned. Warm weather and a new pump made it possible. The water has 21 degrees already.
Tickets cost the same as last year, and children under six swim for free. Because lifeguards are still missing, the diving tower stays closed on weekdays.
Whoever would like to work there can come by on Saturday and bring swimming things.`,
  },
  {
    title: 'Test of the second battery',
    kind: 'notes',
    day: '05-13',
    tags: ['lab', 'battery'],
    rating: null,
    document: `Battery two reached 91 percent of its rated capacity after 500 cycles; battery one had 86 percent at that point. Both were charged at 25 degrees.
The only difference is the slower charging above 80 percent. Temperature at the poles never rose above 34 degrees. Cycle 312 is missing because the
logger was full. We go on to 800 cycles and then open both, to look at the electrodes.`,
  },
  {
    title: 'Visitors of the small museum',
    kind: 'report',
    day: '05-20',
    tags: ['museum', 'figures'],
    rating: null,
    document: `In its first year the museum of tools had 8,460 visitors, against an estimate of 5,000. Every third came with a school class. On rainy days there
were twice as many as on dry ones. Visitors stayed for 52 minutes on average, longest in the smithy, where somebody works on Sundays. The shop earned
less than hoped for, because it is easily missed on the way out. We propose to move it beside the cloakroom.`,
  },
  {
    title: 'Night train to the mountains',
    kind: 'review',
    day: '06-03',
    tags: ['travel', 'train'],
    rating: 4,
    document: `The train left before midnight and followed the river for hours. The beds are narrow but clean, and a conductor brings coffee at six. At the
border everybody had to get off and walk over the bridge, where a woman sold tea and warm bread. By noon we could see the mountains. Bring ear plugs and
something to eat, for the dining car had nothing but crackers. I would take it again any time.`,
  },
];
