/** Colours that differ in lightness as well as in hue, so that they are told apart in grey and by colour-blind eyes; on white, on dark. */
const SERIES = [
  ['#2b6cb0', '#5b9bdc'],
  ['#dd8a2e', '#e8a355'],
  ['#2f8f6f', '#4fb795'],
  ['#a04a83', '#c77bae'],
  ['#6f7782', '#98a1ad'],
  ['#8c6d1f', '#bfa04a'],
] as const;

export const MOST_SERIES = SERIES.length;

const rules = (page: string, strong: string, soft: string, grid: string, series: readonly string[]) =>
  [
    `.page{fill:${page}}`,
    `.title,.label,.value{fill:${strong}}`,
    `.note{fill:${soft}}`,
    `.grid{stroke:${grid}}`,
    `.axis{stroke:${soft}}`,
    `.whisker{stroke:${strong}}`,
    ...series.map((colour, i) => `.series${i}{fill:${colour}}`),
  ].join('');

/** Readable where the page around it is light, and where it is dark. Plain classes, because not every renderer knows CSS variables. */
export const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
  '.title{font-size:19px;font-weight:600}.note{font-size:12px}.label,.value{font-size:13px}.value{font-weight:600}',
  '.grid,.axis,.whisker{fill:none}.whisker{stroke-width:1.4}',
  rules(
    '#ffffff',
    '#1d232b',
    '#57606c',
    '#e3e7ec',
    SERIES.map(([light]) => light),
  ),
  `@media (prefers-color-scheme:dark){${rules(
    '#15191f',
    '#eef1f5',
    '#a3adba',
    '#2c333d',
    SERIES.map(([, dark]) => dark),
  )}}`,
].join('');
