import type { Struct } from 'apache-arrow';
import { SHIPPED_MODEL } from '../../engine/builtin/shippedModel.js';
import { PrecisError } from '../../errors.js';
import { type ColumnInput, textInput } from '../columns.js';
import { planAi } from '../functions/aiFunction.js';
import type { AiName, AiOptions } from '../functions/aiOptions.js';
import { prepareModel } from '../prepareModel.js';
import { TextExpressions } from '../texts/textExpressions.js';
import { UdfCounter } from '../texts/udfCounter.js';
import { openDetailedModule } from './detailedModule.js';
import { DetailedTexts } from './detailedTexts.js';
import { detailsType } from './details.js';
import { rescue } from './rescue.js';
import type { DetailedColumn, DetailedFunction, DetailedSetting } from './types.js';

/** Said in the setting, or without a meaning where errors are data. */
const NOT_OF_A_COLUMN = [
  'workers',
  'devices',
  'isolation',
  'maxRetries',
  'hangSeconds',
  'onProgress',
  'onEvent',
  'onError',
  'warn',
];

/** Opens a function that says for each row what became of it. Model and options are checked here; workers start with the first pass. */
export async function openDetailed(column: DetailedColumn, setting: DetailedSetting = {}): Promise<DetailedFunction> {
  const { fn, model, options } = column;
  const misplaced = Object.keys(options).find((name) => NOT_OF_A_COLUMN.includes(name));
  if (misplaced !== undefined) {
    throw new PrecisError('usage', {
      found: `option ${misplaced} of a column`,
      expected: 'options of its function',
      action: misplaced === 'onError' || misplaced === 'warn' ? undefined : 'set it for all columns together',
    });
  }
  if (fn === 'module') return openDetailedModule(column, setting);
  const input = textInput(column.text as ColumnInput);
  const { spec, type, sorted } = planAi(fn, model ?? SHIPPED_MODEL, { ...options, ...setting } as AiOptions[AiName]);
  const { precision } = await prepareModel(sorted.worker);
  const details: Struct = detailsType(type);
  const counter = new UdfCounter(precision, setting.onProgress);
  const expressions = new TextExpressions({
    spec: { ...spec, options: { ...(spec.options as object), details: true } },
    type: details,
    pool: sorted.pool,
    size: sorted.size,
    options: { dedupe: options.dedupe as boolean | undefined, onError: 'null', warn: false, onEvent: setting.onEvent },
    counter,
    rescue: (pool, signal) => rescue(pool, details, signal),
  });
  return new DetailedTexts({ type, details, input, expressions, stats: counter.stats });
}
