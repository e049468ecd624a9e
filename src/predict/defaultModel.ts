/** What is used when no model is named: it has no weights, and stands here until a trained one ships with the package. */
export const DEFAULT_MODEL = 'builtin:lead-3';
