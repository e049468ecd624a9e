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
  /** May be given several times: the value is the list of what was given. */
  readonly repeats?: true;
  /** What a shell may complete the value with. */
  readonly completes?: 'files' | 'folders';
  /** Values that a shell offers beside these. */
  readonly suggests?: readonly string[];
}

export type Flags = Readonly<Record<string, Flag>>;

export const COMMON_FLAGS: Flags = {
  json: { type: 'flag', help: 'print one JSON object on stdout and nothing else there' },
  debug: { type: 'flag', help: 'show the stack of an error' },
  help: { type: 'flag', help: 'show this page' },
};

/** Of commands whose output has one form only. */
export const PLAIN_FLAGS: Flags = { debug: COMMON_FLAGS.debug, help: COMMON_FLAGS.help };

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
  workers: { type: 'count', help: 'engines side by side; as many as cores by default' },
  'threads-per-worker': { type: 'count', help: 'threads of one graph, 1 by default' },
  'batch-rows': { type: 'count', help: 'rows that the decoder steps at once' },
  'batch-tokens': { type: 'count', help: 'for CUDA, not supported yet' },
};

export const TEXT_FLAGS: Flags = {
  model: {
    type: 'text',
    value: 'URI',
    completes: 'folders',
    suggests: ['builtin:precis-tiny', 'builtin:lead-1', 'builtin:lead-3', 'builtin:textrank'],
    help: 'a folder with config.json, model.safetensors and tokenizer.json, or builtin:NAME; builtin:precis-tiny by default',
  },
  tokenizer: {
    type: 'text',
    value: 'DIR',
    completes: 'folders',
    help: "a folder with another tokenizer than the model's own",
  },
  task: { type: 'text', value: 'NAME', help: 'whose parameters and prefix hold, summarization by default' },
  prefix: { type: 'text', value: 'TEXT', help: "put before every text instead of the task's prefix; empty: none" },
  'max-input-tokens': { type: 'count', help: 'longer inputs are cut; prefix and end token included' },
  offline: { type: 'flag', help: 'never use the network (this version never does)' },
};

/** What happens to the rows of a column, whatever the table comes from. */
export const COLUMN_FLAGS: Flags = {
  text: { type: 'text', value: 'COL', help: 'the column with the texts' },
  column: { type: 'text', value: 'NAME', help: 'the new column, generated_summary by default' },
  'result-type': {
    type: 'choice',
    values: ['string', 'struct', 'list'],
    help: 'struct: summary, tokens, truncated, score, error; list: --num-return-sequences texts',
  },
  'num-return-sequences': { type: 'count', help: 'of --result-type list: texts for each row' },
  'long-documents': {
    type: 'choice',
    values: ['truncate', 'error', 'map-reduce'],
    help: 'texts beyond --max-input-tokens are cut (default), refused, or summarized in parts',
  },
  'on-error': {
    type: 'choice',
    values: ['fail', 'null', 'struct'],
    help: 'a failed row ends the work (default), becomes null, or a struct with its reason',
  },
  dedupe: { type: 'choice', values: ['on', 'off'], help: 'equal texts are computed once (on by default)' },
  'partition-rows': { type: 'count', help: 'rows that a worker gets at a time' },
  isolation: {
    type: 'choice',
    values: ['process', 'thread'],
    help: 'process (default): the engines run in a child process whose death costs a retry',
  },
};

const FORMATS = ['parquet', 'arrow', 'arrows', 'csv', 'tsv', 'jsonl', 'delta'];

/** How tables are read and written. */
export const TABLE_FLAGS: Flags = {
  out: {
    type: 'text',
    value: 'OUT',
    completes: 'files',
    help: 'a file, a Delta folder, a table name, or - for stdout',
  },
  overwrite: { type: 'flag', help: 'replace OUT if it exists' },
  append: { type: 'flag', help: 'add the rows to OUT' },
  'merge-key': {
    type: 'text',
    separator: ',',
    value: 'COL[,COL]',
    help: 'fill the new column into OUT (default: IN), whose rows these columns name',
  },
  limit: { type: 'countOrNone', help: 'only the first N rows' },
  sample: { type: 'countOrNone', help: 'only N rows drawn by --seed, in their order' },
  'in-format': { type: 'choice', values: [...FORMATS, 'text'], help: "instead of what IN's extension says" },
  format: { type: 'choice', values: FORMATS, help: "instead of what OUT's extension says" },
  'table-version': { type: 'countOrNone', help: 'of a Delta table that is read; the current one by default' },
  delimiter: { type: 'text', value: 'CHAR', help: 'of CSV files, both ways' },
  'no-header': { type: 'flag', help: 'of CSV files: the first line is a row; columns are column_1, column_2, ...' },
};
