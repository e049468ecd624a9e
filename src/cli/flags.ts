/** How a flag's value is read. `flag` needs none; `choice` is one of `values`. */
export type FlagType = 'text' | 'count' | 'countOrNone' | 'number' | 'flag' | 'choice';

export interface Flag {
  readonly type: FlagType;
  /** How the value is called in the help. */
  readonly value?: string;
  readonly values?: readonly string[];
  readonly help: string;
  /** One letter that stands for the name. */
  readonly short?: string;
  /** The value is a list, with this between its items, each read by the type. */
  readonly separator?: ',' | ';';
}

export type Flags = Readonly<Record<string, Flag>>;

export const COMMON_FLAGS: Flags = {
  json: { type: 'flag', help: 'print one JSON object on stdout and nothing else there' },
  debug: { type: 'flag', help: 'show the stack of an error' },
  help: { type: 'flag', help: 'show this page' },
};

export const GENERATION_FLAGS: Flags = {
  'num-beams': { type: 'count', help: 'beams of the search; 1 is greedy' },
  'max-new-tokens': { type: 'count', help: 'tokens of the output at most; wins over --max-length' },
  'min-new-tokens': { type: 'countOrNone', help: 'tokens of the output at least' },
  'max-length': { type: 'count', help: "tokens of the output at most, the decoder's start token included" },
  'min-length': { type: 'countOrNone', help: "tokens of the output at least, the decoder's start token included" },
  'length-penalty': { type: 'number', help: "exponent of the length in a beam's score" },
  'early-stopping': { type: 'choice', values: ['true', 'false', 'never'], help: 'when a beam search is done' },
  'no-repeat-ngram-size': { type: 'countOrNone', help: 'no n-gram of this length twice; 0 is off' },
  'repetition-penalty': { type: 'number', help: 'above 1: tokens that are there already become less likely' },
  'do-sample': { type: 'flag', help: 'draw tokens by their probability' },
  temperature: { type: 'number', help: 'of sampling' },
  'top-k': { type: 'countOrNone', help: 'sample among the k likeliest; 0 is off' },
  'top-p': { type: 'number', help: 'sample among the likeliest that together reach p' },
  seed: { type: 'countOrNone', help: 'of sampling, 0 by default' },
};

export const DEVICE_FLAGS: Flags = {
  device: { type: 'text', value: 'auto|cpu', help: 'where to run; CUDA devices are not supported yet' },
  precision: {
    type: 'choice',
    values: ['auto', 'fp32', 'int8', 'fp16'],
    help: 'auto is int8 on x86-64 processors and fp32 elsewhere',
  },
  workers: { type: 'count', help: 'only 1 yet' },
  'threads-per-worker': { type: 'count', help: 'threads of one graph, 1 by default' },
  'batch-rows': { type: 'count', help: 'rows that the decoder steps at once' },
  'batch-tokens': { type: 'count', help: 'for CUDA, not supported yet' },
};

export const TEXT_FLAGS: Flags = {
  model: { type: 'text', value: 'URI', help: 'a folder with config.json, model.safetensors and tokenizer.json' },
  tokenizer: { type: 'text', value: 'DIR', help: "a folder with another tokenizer than the model's own" },
  task: { type: 'text', value: 'NAME', help: 'whose parameters and prefix hold, summarization by default' },
  prefix: { type: 'text', value: 'TEXT', help: "put before every text instead of the task's prefix; empty: none" },
  'max-input-tokens': { type: 'count', help: 'longer inputs are cut; prefix and end token included' },
  offline: { type: 'flag', help: 'never use the network (this version never does)' },
};
