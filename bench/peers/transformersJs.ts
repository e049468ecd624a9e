import { AutoModelForSeq2SeqLM, env, Tensor } from '@huggingface/transformers';
import { type RunAnswer, serve } from '../protocol.js';

interface Settings {
  readonly model: string;
  readonly dtype: 'fp32' | 'q8';
  readonly threads: number;
  readonly batch: number;
  readonly leastTokens: number;
  readonly newTokens: number;
}

const settings = JSON.parse(process.argv[2]) as Settings;
env.allowRemoteModels = false;
const model = await AutoModelForSeq2SeqLM.from_pretrained(settings.model, {
  dtype: settings.dtype,
  device: 'cpu',
  session_options: { intraOpNumThreads: settings.threads, interOpNumThreads: 1 },
});

const endToken = Number((model.config as unknown as { eos_token_id: number }).eos_token_id);
let documents: number[][] = [];

/** Documents of like length together, because every row of a batch is padded to the longest. */
function batches(): number[][] {
  const order = documents.map((_, index) => index).sort((a, b) => documents[b].length - documents[a].length);
  const count = Math.ceil(order.length / settings.batch);
  return Array.from({ length: count }, (_, i) => order.slice(i * settings.batch, (i + 1) * settings.batch));
}

async function generateBatch(rows: readonly number[][]): Promise<number[][]> {
  const width = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * width);
  const mask = new BigInt64Array(rows.length * width);
  rows.forEach((row, r) => {
    row.forEach((id, i) => {
      ids[r * width + i] = BigInt(id);
      mask[r * width + i] = 1n;
    });
  });
  const output = (await model.generate({
    inputs: new Tensor('int64', ids, [rows.length, width]),
    attention_mask: new Tensor('int64', mask, [rows.length, width]),
    min_new_tokens: settings.leastTokens,
    max_new_tokens: settings.newTokens,
    do_sample: false,
    num_beams: 1,
    no_repeat_ngram_size: 0,
    repetition_penalty: 1,
  } as never)) as Tensor;
  return (output.tolist() as bigint[][]).map((row) => untilEnd(row.slice(1).map(Number)));
}

/** A row that has ended goes on with its batch, and gets tokens that nobody reads. */
function untilEnd(ids: number[]): number[] {
  const end = ids.indexOf(endToken);
  return end < 0 ? ids : ids.slice(0, end + 1);
}

async function run(): Promise<RunAnswer> {
  const outputs: number[][] = new Array(documents.length);
  const start = performance.now();
  for (const places of batches()) {
    const rows = await generateBatch(places.map((place) => documents[place]));
    rows.forEach((row, i) => {
      outputs[places[i]] = row;
    });
  }
  return { seconds: (performance.now() - start) / 1000, outputs };
}

await serve({
  load: async (loaded) => {
    documents = loaded;
  },
  run,
});
