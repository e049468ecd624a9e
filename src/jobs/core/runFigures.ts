import type { RunFigures } from './journalRecords.js';

/** Of what took no time. */
export const NO_FIGURES: RunFigures = {
  seconds: 0,
  tableSeconds: 0,
  engineSeconds: 0,
  modelLoadSeconds: 0,
  cpuSeconds: 0,
  peakBytes: 0,
  enginePeakBytes: null,
  events: [],
};
