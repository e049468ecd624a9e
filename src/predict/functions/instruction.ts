import { openCheckpoint } from '../../checkpoint/open.js';
import { shippedProblem } from '../../engine/builtin/shippedModel.js';
import { isGenericFolder, readGenericModel } from '../../engine/generic/genericFolder.js';
import { isWeightless } from '../builtin.js';
import { modelFolder } from '../modelUri.js';

type Tasks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Models without weights summarize and do nothing else. */
const BUILTIN_TASKS: Tasks = { summarization: { prefix: 'summarize: ' } };

/** What a model says of its tasks (task_specific_params). */
export function modelTasks(uri: string): Tasks {
  if (isWeightless(uri)) return BUILTIN_TASKS;
  const dir = modelFolder(uri);
  if (isGenericFolder(dir)) return readGenericModel(dir).defaults.taskSpecificParams;
  try {
    const { defaults, weights } = openCheckpoint(dir);
    weights.close();
    return defaults.taskSpecificParams;
  } catch (error) {
    throw shippedProblem(uri, error);
  }
}

/**
 * The task that an instruction asks for in the words of its prefix ("Please summarize this text." asks for `summarize: `, "Translate from English
 * into German" for none, as it lacks a word) or by its name. Of several the one with the most words. Null if there is none.
 */
export function matchInstruction(tasks: Tasks, instruction: string): string | null {
  const asked = wordsOf(instruction).filter((word, index) => index > 0 || word !== 'please');
  let best: string | null = null;
  let most = 0;
  for (const [task, { prefix }] of Object.entries(tasks)) {
    if (instruction.trim() === task) return task;
    const words = wordsOf(typeof prefix === 'string' ? prefix : '');
    if (words.length > most && asked[0] === words[0] && areInOrder(words, asked)) {
      best = task;
      most = words.length;
    }
  }
  return best;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
}

/** Whether all words come in `among` in this order, whatever is between them. */
function areInOrder(words: readonly string[], among: readonly string[]): boolean {
  let next = 0;
  for (const word of among) if (word === words[next]) next++;
  return next === words.length;
}
