import { SERIES } from '../../chart/colours.js';

const LIGHT = {
  page: '#f5f6f8',
  card: '#ffffff',
  text: '#1d232b',
  soft: '#57606c',
  line: '#dfe3e9',
  link: '#1f5c9e',
  better: '#176239',
  worse: '#9c2b1b',
  fact: '#ffe2ae',
  edge: '#8a4b00',
};
const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  page: '#0f1216',
  card: '#171b21',
  text: '#e9edf2',
  soft: '#a3adba',
  line: '#2d343e',
  link: '#82b6ee',
  better: '#7ccf9b',
  worse: '#f0988a',
  fact: '#553a08',
  edge: '#f0b455',
};

const variables = (colours: Readonly<Record<string, string>>, shade: 0 | 1) =>
  [
    ...Object.entries(colours).map(([name, value]) => `--${name}:${value}`),
    ...SERIES.map((pair, i) => `--series${i}:${pair[shade]}`),
  ].join(';');

/** Paper is always light. */
const COLOURS = `:root{color-scheme:light dark;${variables(LIGHT, 0)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK, 1)}}}
@media print{:root{color-scheme:light}}
${SERIES.map((_, i) => `.series${i}{fill:var(--series${i});border-color:var(--series${i});--own:var(--series${i})}`).join('\n')}`;

const PAGE = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
footer{padding-bottom:3rem;color:var(--soft);font-size:.85rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .5rem}
h4{font-size:.85rem;margin:.75rem 0 .1rem;color:var(--soft);font-weight:600}
a{color:var(--link)}
bdi{overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{font-size:1.1rem;margin:.75rem 0 0;max-width:52rem}
.intro,.legend{color:var(--soft);max-width:52rem;margin:.25rem 0 1rem}
.about{display:block;color:var(--soft);font-size:.8rem;font-weight:400}
.none{margin:.1rem 0;color:var(--soft);font-style:italic}
dl{margin:0}dt{color:var(--soft)}dd{margin:0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,40%),1fr));gap:.75rem 1.5rem;margin:1.25rem 0;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
.facts dt{font-size:.8rem}.facts dd{overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
.badge{display:inline-block;min-width:1.6em;padding:0 .3em;border:2px solid;border-radius:4px;color:var(--text);border-color:var(--own);font-weight:700;font-size:.8rem;line-height:1.4;text-align:center;fill:none}`;

const TABLE = `.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;position:relative}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.75rem 1rem 0;color:var(--soft);font-size:.85rem}
caption span{display:inline-block;position:sticky;left:1rem;max-width:calc(100vw - 5rem)}
th,td{padding:.45rem 1rem;text-align:right;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;vertical-align:bottom;min-width:8.5rem;font-size:.9rem}
thead th:not(:first-child){width:20%}
thead .badge{display:block;width:max-content;margin-left:auto}
th:first-child{text-align:left;min-width:8rem;position:sticky;left:0;background:var(--card)}
thead bdi{overflow-wrap:break-word}
td .about,.difference{white-space:nowrap}
td strong{font-weight:750}
tr.ranking>*{border-bottom:2px solid var(--soft)}
.costs tr:first-child>*{border-top:2px solid var(--soft)}
.difference{display:block;font-size:.8rem}
.difference.better{color:var(--better)}.difference.worse{color:var(--worse)}
.difference.even{color:var(--soft)}
.legend{font-size:.85rem;margin-top:.75rem}
.meanings{font-size:.85rem}.meanings dl{padding:.25rem 0 0}.meanings dl div{display:flex;flex-wrap:wrap;gap:0 .75rem}.meanings dt{min-width:9rem}
summary{cursor:pointer}`;

const CHARTS = `.charts{columns:2;column-gap:1rem}
figure{margin:0 0 1rem;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:8px;break-inside:avoid}
figure h3{margin-bottom:.75rem}
figcaption{color:var(--soft);font-size:.85rem;margin-top:.5rem}
svg{display:block;width:100%;height:auto;max-width:34rem}
svg text{font-size:12px;fill:var(--text)}svg text.note{fill:var(--soft)}svg text.label,svg text.value{font-weight:600}
svg text.value{paint-order:stroke;stroke:var(--card);stroke-width:3px}
.grid,.axis,.whisker,.median{fill:none;stroke:var(--line)}.axis{stroke:var(--soft)}
.whisker,.median{stroke:var(--text);stroke-width:1.4}
.point{fill:var(--card);stroke:var(--own);stroke-width:3}
.keys{display:flex;flex-wrap:wrap;gap:.4rem 1.25rem;list-style:none;margin:0 0 1rem;padding:0;font-size:.9rem}`;

const ROWS = `article{margin:0 0 1rem;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
article h3 a{color:inherit;text-decoration:none}article h3 a:hover{text-decoration:underline}
.text{margin:.1rem 0 .25rem;white-space:pre-wrap;overflow-wrap:anywhere;max-width:48rem}
details.source summary h4{display:inline}
.teaser{color:var(--soft);font-size:.9rem}details[open] .teaser{display:none}
.answers{list-style:none;margin:0;padding:0}
.answers li{border-top:1px solid var(--line);margin-top:.75rem}
.answers h4{color:var(--text)}
.error{margin:.25rem 0;color:var(--worse);white-space:pre-wrap;overflow-wrap:anywhere}
.scores{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.8rem;font-variant-numeric:tabular-nums}
.scores div{display:flex;gap:.35rem}.scores .ranking dd,.scores .ranking dt{font-weight:700;color:var(--text)}
mark{background:none;color:inherit}
mark.word{text-decoration:underline dotted;text-decoration-thickness:2px;text-underline-offset:3px;text-decoration-color:var(--soft)}
mark.fact{background:var(--fact);outline:2px solid var(--edge);border-radius:2px;padding:0 .2em;margin:0 .1em;font-weight:700}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin:.75rem 0}
.controls[hidden],article[hidden]{display:none}
input[type=search],button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.35rem .7rem}
input[type=search]{width:16rem;max-width:100%}button{cursor:pointer}`;

const NARROW = `@media (max-width:46rem){.charts{columns:1}
header,main,footer{padding-left:.75rem;padding-right:.75rem}header{padding-top:1.25rem}
h1{font-size:1.35rem}th,td{padding:.4rem .6rem}thead th{min-width:9rem}th:first-child{min-width:6.5rem;max-width:8rem}
figure,article{padding:.75rem}}`;

/** A fold that is closed stays closed: whoever prints chooses what to open. */
const PRINT = `@media print{body{font-size:10pt;background:none}header,main,footer{max-width:none;padding:0}
nav,.controls,.skip{display:none!important}.scroll{overflow:visible}h2,h3,h4{break-after:avoid}
article,figure,.facts,.scroll{border-color:#bbb}.answers li,tr{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

export const STYLE = [COLOURS, PAGE, TABLE, CHARTS, ROWS, NARROW, PRINT].join('\n');
