import type { Genre } from '../kind.js';

const REASON = 'reason for the letter: referral, discharge, medication change, missed appointment';
const URGENCY = 'urgency: pressing, moderate, low';

export const clinic: Genre = {
  name: 'clinic letter',
  layouts: ['prose', 'prose', 'prose', 'prose', 'bullets'],
  heads: [
    'Dear colleague,',
    '<place> Health Centre, <street>',
    'Private and confidential. Hospital number <code>',
    'Dictated on <date>, not signed to avoid delay',
    'Our reference: <code>\nCopy to the patient',
  ],
  kinds: [
    {
      name: 'referral',
      slots: (make) => {
        make.all({ patient: 'person', age: 'count 19 88', doctor: 'last', place: 'place', when: 'date' });
        make.one(
          'complaint',
          'a nagging pain in the left hip|numbness in both thumbs|a stubborn dry cough|ringing in the right ear|a lump behind the knee|dizziness on standing up|blurred sight towards evening|a tremor of the right hand|heartburn after every meal|stiffness of the lower back|a rash on both forearms|palpitations at night|swelling around the ankles|a hoarse voice',
        );
        make.one(
          'finding',
          'the reflexes were sluggish|the pulse was irregular|the skin looked pale and dry|the grip was clearly weaker on one side|the throat was inflamed|the belly felt tender|the lungs sounded clear|the gait was unsteady|the glands in the neck were enlarged|a faint heart murmur could be heard',
        );
        make.one(
          'remedy',
          'a soothing ointment|a course of antibiotics|six sessions of physiotherapy|an elastic bandage|plain paracetamol|a gluten-free diet|bed rest|a steroid spray|a short cure with iron tablets|cutting out coffee|a nightly splint|an antacid syrup',
        );
        make.one(
          'request',
          'an ultrasound scan|a nerve study|a chest X-ray|an endoscopy|a hearing test|a tissue sample|a long-term ECG|an allergy panel|an eye examination|an MRI of the spine|a lung function test|a second opinion',
        );
        make.corrected('weeks', 'count 2 40');
      },
      facts: [
        {
          first:
            '(Thank you for seeing {patient}, aged {age}, who complains of {complaint}|I should value your opinion on {patient}, a_ {age}-year-old troubled by {complaint}|{Patient}, {age}, came to my surgery because of {complaint}).',
        },
        {
          plain:
            '(This began {weeks} weeks ago|The symptoms go back {weeks} weeks|For {weeks} weeks there has been no let-up).',
          wrong:
            '(On the telephone {patient} had spoken of {weeksWrong} weeks|The form filled in at the desk gives the duration as {weeksWrong} weeks).',
          right:
            '(Going through the diary together, we arrived at {weeks} weeks of symptoms|The true duration, as a relative pointed out, is {weeks} weeks|I have since learned that it has in fact been {weeks} weeks).',
        },
        '(On examination {finding}|When I examined the patient, {finding}|My own impression: {finding}).',
        '({Remedy} brought no relief|Treatment with {remedy} was tried in vain|We attempted {remedy}, to no avail).',
        '(May I ask you to arrange {request}|What I have in mind is {request}|In my view, {request} is called for).',
        {
          last: '(Dr {doctor} has agreed to see the patient in {place} on {when}|A slot with Dr {doctor} in {place} has been reserved for {when}|The consultation with Dr {doctor} takes place in {place} on {when}).',
        },
      ],
      summaries: [
        '{Patient}, {age}, is referred to Dr {doctor} after {weeks} weeks of {complaint}; {request} is wanted, and the consultation is on {when}.',
        'After {weeks} weeks of {complaint}, and with no relief from {remedy}, {patient} will see Dr {doctor} in {place} on {when}.',
        'Dr {doctor} is asked for {request}: {patient}, {age}, has had {complaint} for {weeks} weeks, and {finding}.',
        '{Remedy} did nothing for {complaint}, so {patient} goes to {place} on {when} for {request} with Dr {doctor}.',
      ],
      titles: ['Referral of {patient} to Dr {doctor}', '{Patient}, {age}: {complaint}', '{Request} for {patient}'],
      fields: { patient: 'patient', age: 'age', doctor: 'doctor', date: 'when', weeks: 'weeks' },
      labels: { [REASON]: 'referral', [URGENCY]: 'pressing' },
    },
    {
      name: 'discharge',
      slots: (make) => {
        make.all({ patient: 'person', surgeon: 'last', place: 'place', when: 'date' });
        make.one(
          'illness',
          'an inflamed appendix|a broken wrist|gallstones|a slipped disc|a torn knee ligament|pneumonia|a bleeding ulcer|a kidney stone|a fractured collarbone|a groin hernia|a clot in the calf|a bowel obstruction|infected tonsils',
        );
        make.one(
          'operation',
          'a keyhole operation|an emergency procedure|a minor intervention|a two-hour operation|a drainage|an endoscopic repair|an operation under local anaesthetic|a planned procedure|a laser treatment|an open operation',
        );
        make.one(
          'hitch',
          'a fever|a mild wound infection|a drop in blood pressure|nausea from the anaesthetic|a swollen vein|low potassium|a bruise at the drip site|a bad night of confusion|an allergic reaction to the plaster|fluid in the lung',
        );
        make.one(
          'advice',
          'lift nothing heavy|keep the leg raised|avoid fatty food|drink plenty of water|stay off work|wear the sling by day|inject the blood thinner every evening|walk a little each morning|leave the dressing dry|refrain from driving|use crutches on stairs|give up smoking',
        );
        make.corrected('nights', 'count 2 24');
      },
      facts: [
        {
          first:
            '({Patient} was admitted to our ward with {illness}|We had {patient} in our care on account of {illness}|The diagnosis that brought {patient} to hospital was {illness}).',
        },
        '(Dr {surgeon} carried out {operation}|{Operation} was performed by Dr {surgeon}|The patient underwent {operation} in the hands of Dr {surgeon}).',
        {
          plain:
            '(The stay came to {nights} nights|After {nights} nights the patient was well enough to leave|Discharge followed after {nights} nights).',
          wrong:
            '(The draft of this letter counted {nightsWrong} nights in hospital|The family had been told to reckon with {nightsWrong} nights on the ward).',
          right:
            '(According to the ward book, the stay was of {nights} nights|The actual length of stay was {nights} nights|In the event the patient left after {nights} nights).',
        },
        '(Recovery was held up by {hitch}|The course was complicated by {hitch}|Afterwards there was {hitch}, which has since settled).',
        '(At home, {patient} should {advice}|Our advice is to {advice}|The patient has been told to {advice}).',
        {
          last: '(A check-up is due in {place} on {when}|We should like to review progress in {place} on {when}|On {when} the outpatient team in {place} will look at the result).',
        },
      ],
      summaries: [
        '{Patient} went home after {nights} nights in hospital for {illness}, treated by Dr {surgeon} with {operation}; the check-up is in {place} on {when}.',
        'Treated for {illness}, {patient} had {operation} under Dr {surgeon} and now has to {advice} before the check-up on {when}.',
        'Dr {surgeon} performed {operation} on {patient} for {illness}. {Hitch} held up recovery; discharge came after {nights} nights, with a review on {when}.',
        'After {nights} nights with {illness} and {hitch}, {patient} is discharged, should {advice}, and returns to {place} on {when}.',
      ],
      titles: [
        'Discharge of {patient} after {illness}',
        '{Patient}: {illness} treated',
        '{Patient} home after {nights} nights',
      ],
      fields: { patient: 'patient', surgeon: 'surgeon', nights: 'nights', 'check-up': 'when', place: 'place' },
      labels: { [REASON]: 'discharge', [URGENCY]: 'low' },
    },
    {
      name: 'medication change',
      slots: (make) => {
        make.all({ patient: 'person', nurse: 'first', when: 'date' });
        make.one(
          'old',
          'amlodipine|atenolol|simvastatin|naproxen|omeprazole|diazepam|prednisolone|codeine|digoxin|lithium|methotrexate|furosemide|warfarin',
        );
        make.one(
          'fresh',
          'ramipril|bisoprolol|rosuvastatin|celecoxib|famotidine|melatonin|budesonide|tramadol|verapamil|lamotrigine|sulfasalazine|torasemide|apixaban',
        );
        make.one(
          'effect',
          'cramps in the calves|a metallic taste|constant drowsiness|itching all over|a tickly throat|nosebleeds|loss of appetite|vivid nightmares|stomach ache|puffy eyelids|thinning hair|hot flushes|constipation',
        );
        make.one(
          'rhythm',
          'once a day|twice a day|every evening|every other day|before breakfast|with the main meal|at bedtime|three times a week|each morning|every twelve hours',
        );
        make.one(
          'test',
          'liver values|kidney function|the blood count|blood pressure|blood sugar|the salt level|the clotting time|body weight|the heart rhythm|cholesterol',
        );
        make.corrected('dose', 'count 3 160');
      },
      facts: [
        '({Patient} could not tolerate {old} any longer|I saw {patient}, who had been taking {old}|{Old}, which {patient} had been given so far, did not agree with the patient).',
        '(The side effect was {effect}|What made us act was {effect}|We put {effect} down to the tablets).',
        '(Treatment has been switched to {fresh}|{Fresh} is the medicine from now on|I have prescribed {fresh} as a replacement).',
        {
          plain:
            '(The dose is {dose} mg {rhythm}|{Dose} mg are to be taken {rhythm}|The patient takes {dose} mg {rhythm}).',
          wrong:
            '(The prescription as printed says {doseWrong} mg {rhythm}|In the consultation I mentioned {doseWrong} mg {rhythm}).',
          right:
            '(The pharmacist queried this, and {dose} mg is the proper dose|Please note that the dose must read {dose} mg|After a second look at the tables I have settled on {dose} mg).',
        },
        '(Please let {nurse} monitor {test}|{Nurse} from the practice will keep an eye on {test}|We have asked {nurse} to measure {test} regularly).',
        {
          last: '(The effect will be judged on {when}|We shall take stock on {when}|{Patient} returns on {when} so that the treatment can be reassessed).',
        },
      ],
      summaries: [
        '{Patient} changes from {old} to {fresh}, {dose} mg {rhythm}, because of {effect}; {nurse} monitors {test}, and a review follows on {when}.',
        'Because of {effect} under {old}, {patient} now takes {fresh} at {dose} mg {rhythm}, to be reviewed on {when}.',
        '{Fresh}, {dose} mg {rhythm}, replaces {old} for {patient}, who suffered from {effect}; {nurse} is to check {test}.',
        'Owing to {effect}, {old} was stopped. {Patient} takes {dose} mg of {fresh} {rhythm} until the review on {when}, with {nurse} watching {test}.',
      ],
      titles: [
        '{Patient}: {fresh} instead of {old}',
        'Switch from {old} to {fresh}',
        '{Old} stopped because of {effect}',
      ],
      fields: { patient: 'patient', 'new medicine': 'fresh', 'old medicine': 'old', dose: 'dose', review: 'when' },
      labels: { [REASON]: 'medication change', [URGENCY]: 'moderate' },
    },
    {
      name: 'missed appointment',
      slots: (make) => {
        make.all({ patient: 'person', doctor: 'last', missed: 'date', calls: 'few' });
        make.one(
          'unit',
          'the diabetes clinic|the skin clinic|the eye department|the heart unit|the fracture clinic|the memory clinic|the asthma clinic|the sleep laboratory|the dental clinic|the pain unit|the rheumatology department|the allergy clinic',
        );
        make.one(
          'excuse',
          'the car would not start|the letter had gone to an old address|a child had fallen ill|the bus was cancelled|work could not be put off|the date had slipped from memory|a funeral had got in the way|the entrance was impossible to find|the symptoms had disappeared|the snow was too deep',
        );
        make.one(
          'risk',
          'the repeat prescription lapses|the place on the waiting list is forfeited|the case goes back to the family doctor|the tests have to be done all over again|the insurance will not pay|the plaster stays on longer|the operation is postponed|a new referral becomes necessary',
        );
        make.one(
          'aid',
          'hospital transport|a text reminder|an interpreter|a telephone consultation|an evening slot|a wheelchair at the door|a map of the site|an escort from the volunteers|a taxi voucher|a video link',
        );
        make.corrected('fresh', 'date');
      },
      facts: [
        {
          first:
            '({Patient} did not turn up at {unit} on {missed}|On {missed} Dr {doctor} waited in vain for {patient} at {unit}|We regret that the visit of {patient} to {unit} on {missed} was missed).',
        },
        '({Calls} attempts to ring were made by Dr {doctor}|Dr {doctor} rang {calls} times|The secretary of Dr {doctor} telephoned {calls} times).',
        '(The explanation was that {excuse}|As it turned out, {excuse}|{Excuse}, the patient told us afterwards).',
        {
          plain:
            '(Another appointment has been made for {fresh}|The patient is now expected on {fresh}|We are able to offer {fresh} instead).',
          wrong: '(The desk at first offered {freshWrong} instead|As a new date, {freshWrong} was pencilled in).',
          right:
            '(That day proved impossible, and the new appointment is on {fresh}|It had to be moved again, so the visit is now on {fresh}|The final arrangement is for {fresh}).',
        },
        '(To make it easier, we have arranged {aid}|{Aid} has been organised to help|The patient gladly accepted {aid}).',
        {
          last: '(Should this one be missed as well, {risk}|After a further absence {risk}|The rules are strict: at the next absence {risk}).',
        },
      ],
      summaries: [
        '{Patient} missed the visit to {unit} on {missed} because {excuse}; the new date is {fresh}, and {aid} has been arranged.',
        'Since {excuse}, {patient} did not come to {unit} on {missed}; if {fresh} is missed too, {risk}.',
        'A new appointment on {fresh} is offered to {patient}, who was absent from {unit} on {missed}; Dr {doctor} had rung {calls} times.',
        'Dr {doctor} rang {calls} times after {patient} failed to appear at {unit}. With {aid}, the visit takes place on {fresh}; otherwise {risk}.',
      ],
      titles: ['{Patient} absent from {unit}', 'Missed visit of {missed}: {patient}', 'New date {fresh} for {patient}'],
      fields: { patient: 'patient', doctor: 'doctor', 'missed on': 'missed', 'new date': 'fresh' },
      labels: { [REASON]: 'missed appointment', [URGENCY]: 'low' },
    },
  ],
  asides: [
    'Blood pressure (sitting|at rest) was <count 104 158> over <count 62 96>.',
    '(A brother|A sister|The father) of the patient lives in <place> and is in (good|fair) health.',
    'Height <count 150 196> cm, weight <kilos 48 110>.',
    '(The flu jab|A tetanus booster) was given in <month> <year> (and caused no trouble|by a nurse in <place>).',
    '(There is no known allergy|An allergy to nuts was recorded in <year>).',
    'The patient has <few> (hens|grandchildren|cats) and (enjoys gardening|sings in a choir|likes to cycle).',
    'The (parking deck|main entrance) at <street> is closed for (repairs|building work) throughout <month>.',
    '(Our|The) switchboard is open from <count 6 9>:30 to <count 15 19>:45 (on weekdays|except at weekends).',
    'An old scar from (an accident|a fall) in <year> is (of no importance here|not relevant).',
    'A medical student, <person>, sat in (with permission|and took notes).',
    'The insurance card <code> was (shown|copied) and is (in order|valid).',
    '(A previous|An earlier) letter, dated <date>, dealt with (an unrelated matter|travel vaccinations).',
    'The patient used to work (for <company>|as a welder|as a driver) and retired in <year>.',
    '(Sleep is said to be sound|Vision and hearing are normal for this age), and (smoking was given up in <year>|alcohol is taken only on holidays).',
    'The (leaflet|booklet) of <count 4 40> pages about (healthy eating|exercise) was handed out.',
    'Temperature was <count 36 37>.<count 1 9> degrees, oxygen <count 95 99>%.',
    '(A cholesterol test|A blood test) in <month> had been (entirely normal|unremarkable).',
    'The waiting room was (crowded|full), for which <first> at the desk (apologises|has apologised).',
    '(A holiday in|A trip to) <place> is planned and (may go ahead|need not be cancelled).',
    'The spectacles are from <year>, and (the optician <person> will renew them|new ones have been ordered from <company>).',
  ],
};
