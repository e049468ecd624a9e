export { specToJson } from './canonical.js';
export { defineJob, type JobForm } from './form.js';
export { specSchema } from './jsonSchema.js';
export type { Overrides } from './overrides.js';
export { checkSpec, type ReadSpecOptions, readSpec, saveSpec } from './read.js';
export { listSpecs, removeSpec } from './saved.js';
