import { JOB_FIELDS } from './rules.js';
import { schemaOfFields } from './shapes.js';

/** A JSON Schema of the spec, made from the rules that check it: for editors. */
export function specSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'precis job',
    ...schemaOfFields(JOB_FIELDS),
  };
}
