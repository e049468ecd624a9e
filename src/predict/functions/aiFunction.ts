import type { DataType } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { compiledModule } from '../../files/compiled.js';
import type { BatchFunctionSpec } from '../../pool/types.js';
import type { ColumnExpression } from '../../table/types.js';
import { isWeightless } from '../builtin.js';
import { type ColumnInput, textInput } from '../columns.js';
import { prepareModel } from '../prepareModel.js';
import { arrowType } from '../texts/resultType.js';
import { TextExpressions } from '../texts/textExpressions.js';
import { UdfCounter } from '../texts/udfCounter.js';
import { type SortedOptions, sortOptions } from '../udfOptions.js';
import type { UdfOptions, UdfStats } from '../udfTypes.js';
import {
  type AiName,
  type AiOptions,
  type ClassifyOptions,
  checkAiOptions,
  type EmbedFunctionOptions,
  type ExtractOptions,
  type QueryOptions,
} from './aiOptions.js';
import { type ClassifySettings, classify } from './classify.js';
import { type ExtractSettings, extract } from './extract.js';
import { matchInstruction, modelTasks } from './instruction.js';
import { CLASSIFY_PROMPT, EXTRACT_PROMPT } from './prompts.js';
import type { TaskSpec } from './taskFunction.js';

/** A function over a column of text, as a job, a query or `withColumn` calls it. */
export interface AiFunction {
  (input: ColumnInput): ColumnExpression;
  readonly stats: UdfStats;
  /** Ends the workers. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** All that a pool needs to run a function over batches of one column of text. */
export interface AiPlan {
  readonly spec: BatchFunctionSpec;
  /** Of the column `result` of its answers. */
  readonly type: DataType;
  readonly sorted: SortedOptions;
}

/**
 * One of the AI functions over a model: summarize, classify (the likeliest of given labels), extract (a struct with a text for each field), embed (a
 * list of numbers), query (an instruction in words). The model is checked here; workers start with the first pass.
 */
export async function aiFunction<Name extends AiName>(
  name: Name,
  uri: string,
  options: AiOptions[Name],
): Promise<AiFunction> {
  const { spec, type, sorted } = planAi(name, uri, options);
  const { precision } = await prepareModel(sorted.worker);
  const { pool, size } = sorted;
  const counter = new UdfCounter(precision, options.onProgress);
  const expressions = new TextExpressions({ spec, type, pool, size, options, counter });
  const call = (input: ColumnInput) => expressions.expression(textInput(input));
  const close = () => expressions.close();
  return Object.assign(call, { stats: counter.stats, close, [Symbol.asyncDispose]: close });
}

export function planAi<Name extends AiName>(name: Name, uri: string, options: AiOptions[Name]): AiPlan {
  checkAiOptions(name, options);
  return PLANS[name](uri, options);
}

const PLANS: { readonly [Name in AiName]: (uri: string, options: AiOptions[Name]) => AiPlan } = {
  summarize: planTexts,
  classify: planClassify,
  extract: planExtract,
  embed: planEmbed,
  query: planQuery,
};

function planTexts(uri: string, options: UdfOptions): AiPlan {
  const sorted = sortOptions(uri, options);
  const module = compiledModule('../texts/textFunction.js', import.meta.url).href;
  const spec = { module, exportName: 'openTextFunction', options: sorted.worker };
  return { spec, type: arrowType(sorted.worker.resultType), sorted };
}

function planClassify(uri: string, options: ClassifyOptions): AiPlan {
  refuseWeightless(uri, 'classify');
  const { labels, prompt = CLASSIFY_PROMPT, normalize = 'none', ...rest } = options;
  const sorted = sortOptions(uri, rest);
  const task: ClassifySettings = { labels: [...labels], prompt, normalize };
  return { spec: taskSpec('classify', 'openClassify', sorted, task), type: classify.type(task), sorted };
}

function planExtract(uri: string, options: ExtractOptions): AiPlan {
  const { fields, prompt = EXTRACT_PROMPT, ...rest } = options;
  const sorted = sortOptions(uri, rest);
  const task: ExtractSettings = { fields: [...fields], prompt, generation: sorted.worker.generation };
  return { spec: taskSpec('extract', 'openExtract', sorted, task), type: extract.type(task), sorted };
}

function planEmbed(uri: string, options: EmbedFunctionOptions): AiPlan {
  refuseWeightless(uri, 'embed');
  return planTexts(uri, { ...options, resultType: 'double[]' });
}

/** An instruction in the words of one of the model's tasks is that task, with its parameters; any other is put before the text as it stands. */
function planQuery(uri: string, options: QueryOptions): AiPlan {
  const { instruction, ...rest } = options;
  const tasks = modelTasks(uri);
  const task = matchInstruction(tasks, instruction);
  if (task !== null) return planTexts(uri, isWeightless(uri) ? rest : { ...rest, task });
  process.emitWarning(`the instruction ${JSON.stringify(instruction)} is none of the model's tasks`, {
    type: 'PrecisWarning',
    code: 'PRECIS_INSTRUCTION',
    detail: `small models follow few instructions beside those that they were trained for${namesOf(Object.keys(tasks))}`,
  });
  return planTexts(uri, {
    ...rest,
    prefix: `${instruction.trim()}${/[\p{L}\p{N}]$/u.test(instruction.trim()) ? ':' : ''} `,
  });
}

function refuseWeightless(uri: string, name: AiName): void {
  if (!isWeightless(uri)) return;
  throw new PrecisError('model', { found: `${name} with ${uri}, a model without weights`, expected: 'a model folder' });
}

function namesOf(tasks: readonly string[]): string {
  return tasks.length === 0 ? '' : `; this one names ${tasks.join(', ')}`;
}

function taskSpec<Task>(file: string, exportName: string, sorted: SortedOptions, task: Task): BatchFunctionSpec {
  const { uri, load, text } = sorted.worker;
  const options: TaskSpec<Task> = { uri, load, text, task };
  return { module: compiledModule(`./${file}.js`, import.meta.url).href, exportName, options };
}
