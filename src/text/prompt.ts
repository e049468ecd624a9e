import { PrecisError } from '../errors.js';

/** task_specific_params of a checkpoint: by task, whatever it says for it. */
type TaskParams = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const DEFAULT_TASK = 'summarization';

/**
 * Whose parameters hold. Nobody asks for the default, so a checkpoint need not know it; a task that is asked for must be among those that
 * it names. One that names none has nothing to choose from.
 */
export function chooseTask(taskSpecificParams: TaskParams, asked: string | undefined): string {
  if (asked === undefined) return DEFAULT_TASK;
  const known = Object.keys(taskSpecificParams);
  if (known.length === 0 || known.includes(asked)) return asked;
  throw new PrecisError('generation', {
    found: `task ${JSON.stringify(asked)} is not in the model's task_specific_params`,
    expected: `one of ${known.join(', ')}`,
  });
}

/** The text put before every document: the user's word, or what the checkpoint says for the task. */
export function taskPrefix(taskSpecificParams: TaskParams, task: string, override?: string): string {
  if (override !== undefined) return override;
  const prefix = Object.hasOwn(taskSpecificParams, task) ? taskSpecificParams[task].prefix : undefined;
  return typeof prefix === 'string' ? prefix : '';
}
