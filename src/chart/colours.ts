/** Colours that differ in lightness as well as in hue, so that they are told apart in grey and by colour-blind eyes; on white, on dark. */
export const SERIES = [
  ['#2b6cb0', '#5b9bdc'],
  ['#dd8a2e', '#e8a355'],
  ['#2f8f6f', '#4fb795'],
  ['#a04a83', '#c77bae'],
  ['#6f7782', '#98a1ad'],
  ['#8c6d1f', '#bfa04a'],
] as const;

export const MOST_SERIES = SERIES.length;
