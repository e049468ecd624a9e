import { claims } from './genres/claims.js';
import { clinic } from './genres/clinic.js';
import { complaints } from './genres/complaints.js';
import { contracts } from './genres/contracts.js';
import { handovers } from './genres/handovers.js';
import { incidents } from './genres/incidents.js';
import { inspections } from './genres/inspections.js';
import { labTests } from './genres/labTests.js';
import { maintenance } from './genres/maintenance.js';
import { minutes } from './genres/minutes.js';
import { news } from './genres/news.js';
import { projects } from './genres/projects.js';
import { recalls } from './genres/recalls.js';
import { tickets } from './genres/tickets.js';
import { visits } from './genres/visits.js';
import type { Genre } from './kind.js';

export const TRAINED: readonly Genre[] = [
  incidents,
  tickets,
  maintenance,
  contracts,
  minutes,
  news,
  complaints,
  claims,
  projects,
  recalls,
  clinic,
  visits,
  labTests,
];
/** Never seen in training: what they score tells how far the model goes beyond its genres. */
export const HELD_OUT: readonly Genre[] = [handovers, inspections];

export type Split = 'train' | 'validation' | 'test' | 'unseen' | 'sample';

/** Splits differ in the first word of the random numbers' key, so no document of one can be in another. */
const KEYS: Readonly<Record<Split, number>> = { train: 1, validation: 2, test: 3, unseen: 4, sample: 5 };

export function splitKey(split: Split): number {
  return KEYS[split];
}

export function genresOf(split: Split): readonly Genre[] {
  return split === 'unseen' ? HELD_OUT : TRAINED;
}
