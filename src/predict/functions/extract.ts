import { type DataType, Field, Struct, Utf8 } from 'apache-arrow';
import type { GenerationOptions } from '../../engine/types.js';
import type { RunContext } from '../../pool/types.js';
import { generateLong, type LongOutcome, type LongResult } from '../longDocuments.js';
import type { Outcome } from '../texts/answerBatch.js';
import { type Task, type TaskResult, type TaskSpec, taskFunction } from './taskFunction.js';

export interface ExtractSettings {
  /** At least one, all different. */
  readonly fields: readonly string[];
  /** Put before the text, once for each field; `{field}` stands for the field's name. */
  readonly prompt: string;
  readonly generation: GenerationOptions;
}

/** Asks the model for each field of a text by itself. All questions about all texts of a batch are generated together. */
export const extract: Task<ExtractSettings> = {
  type({ fields }): DataType {
    return new Struct(fields.map((field) => new Field(field, new Utf8(), true)));
  },

  async run(model, texts, spec: TaskSpec<ExtractSettings>, context: RunContext): Promise<Outcome<TaskResult>[]> {
    const { fields, prompt, generation } = spec.task;
    const questions = texts.flatMap((text) => fields.map((field) => prompt.replaceAll('{field}', () => field) + text));
    let done = 0;
    // Those of a call that failed are asked again.
    const onRow = () => context.alive(Math.min(Math.floor(++done / fields.length), texts.length));
    const onWork = () => context.alive();
    const how = { ...spec.text, prefix: '', signal: context.signal, onRow, onWork };
    const outcomes = await generateLong(model, questions, generation, how);
    return texts.map((_, row) => joined(fields, outcomes.slice(row * fields.length, (row + 1) * fields.length)));
  },
};

function joined(fields: readonly string[], outcomes: readonly LongOutcome[]): Outcome<TaskResult> {
  const answers: LongResult[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if ('error' in outcome) return { error: `${outcome.error} (field ${fields[index]})` };
    answers.push(outcome[0]);
  }
  const sum = (of: (answer: LongResult) => number) => answers.reduce((total, answer) => total + of(answer), 0);
  return [
    {
      value: new Map(fields.map((field, index) => [field, answers[index].text])),
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      truncated: answers.some(({ truncated }) => truncated),
      chunks: 1,
    },
  ];
}

export const openExtract = taskFunction(extract);
