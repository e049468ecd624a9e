import { fileOutput } from './output.js';
import { refuseOwnInput } from './ownInput.js';
import { publishing } from './publish.js';

/** A file of text, published by the rules of tables: complete or absent. What would keep it from being written is said when it is opened. */
export interface TextOutput {
  publish(text: string): Promise<void>;
  abort(): Promise<void>;
}

export async function openTextOutput(
  target: string,
  { mode, inputs }: { readonly mode: 'error' | 'overwrite'; readonly inputs: readonly string[] },
): Promise<TextOutput> {
  refuseOwnInput(target, target, inputs);
  let content = '';
  const sink = await publishing(target, { mode }, async (temporary) => {
    const output = await fileOutput(temporary);
    return {
      // It has no rows: its text is there as a whole when it is published.
      write: async () => {},
      publish: async () => {
        await output.write(Buffer.from(content));
        await output.finish();
        return { target, rows: 0 };
      },
      abort: () => output.discard(),
    };
  });
  const publish = async (text: string) => {
    content = text;
    await sink.publish();
  };
  return { publish, abort: () => sink.abort() };
}
