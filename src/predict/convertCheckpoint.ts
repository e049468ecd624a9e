import { type Conversion, type ConvertOptions, convertCheckpoint as convert } from '../graph/convert.js';
import { CONVERT_RULES, checkOptions } from './checkOptions.js';

/** The public form of the conversion: its options come from JavaScript and are looked at first. */
export async function convertCheckpoint(dir: string, options: ConvertOptions = {}): Promise<Conversion> {
  checkOptions(options, CONVERT_RULES);
  return await convert(dir, options);
}
