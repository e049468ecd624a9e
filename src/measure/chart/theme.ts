import { SERIES } from '../../chart/colours.js';

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
