/** The text put before every document: the user's word, or what the checkpoint says for the task. */
export function taskPrefix(
  taskSpecificParams: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  task: string,
  override?: string,
): string {
  if (override !== undefined) return override;
  const prefix = taskSpecificParams[task]?.prefix;
  return typeof prefix === 'string' ? prefix : '';
}
