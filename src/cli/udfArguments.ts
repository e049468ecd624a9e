import type { UdfOptions } from '../predict/udfTypes.js';
import { wrong } from './args.js';
import { generationOptions, loadOptions, type Values } from './generationArguments.js';

const DEFAULT_COLUMN = 'generated_summary';

const RESULT_TYPES = { string: 'string', struct: 'struct', list: 'string[]' } as const;

/** What the flags say of the function over the text column. Nothing that was not asked for is set. */
export async function udfOptions(values: Values): Promise<UdfOptions> {
  // Where reasons are to be kept, there must be room for them.
  const usual = values['on-error'] === 'struct' ? 'struct' : 'string';
  const resultType = RESULT_TYPES[(values['result-type'] ?? usual) as keyof typeof RESULT_TYPES];
  const sequences = values['num-return-sequences'] as number | undefined;
  if (sequences !== undefined && sequences > 1 && resultType !== 'string[]') {
    throw wrong(`--num-return-sequences is ${sequences}`, '--result-type list with it');
  }
  const given: UdfOptions = {
    ...generationOptions(values),
    ...(await loadOptions(values)),
    numReturnSequences: sequences,
    resultType,
    onError: values['on-error'] as UdfOptions['onError'],
    longDocuments: values['long-documents'] as UdfOptions['longDocuments'],
    dedupe: values.dedupe === undefined ? undefined : values.dedupe === 'on',
    prefix: values.prefix as string | undefined,
    maxInputTokens: values['max-input-tokens'] as number | undefined,
    partitionRows: values['partition-rows'] as number | undefined,
    workers: values.workers as number | undefined,
    isolation: (values.isolation ?? 'process') as UdfOptions['isolation'],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function textColumn(values: Values): string {
  if (values.text === undefined) throw wrong('--text is missing', 'the column with the texts');
  return values.text as string;
}

export function newColumn(values: Values): string {
  const column = (values.column as string | undefined) ?? DEFAULT_COLUMN;
  if (column === '') throw wrong('--column is empty', 'a name for the new column');
  return column;
}
