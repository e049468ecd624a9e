import { PrecisError } from '../../errors.js';

/** What the log says, in the protocol's own names; fields that nothing here looks at are left out. */
export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[] | null;
  readonly writerFeatures?: readonly string[] | null;
}

export interface MetaData {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number | null;
}

export interface DeletionVector {
  readonly storageType: string;
  readonly pathOrInlineDv: string;
  readonly offset?: number | null;
}

export interface AddFile {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  readonly stats?: string | null;
  readonly deletionVector?: DeletionVector | null;
}

export interface RemoveFile {
  readonly path: string;
  readonly deletionTimestamp?: number | null;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean | null;
  readonly partitionValues?: Readonly<Record<string, string | null>> | null;
  readonly size?: number | null;
  readonly deletionVector?: DeletionVector | null;
}

export interface Sidecar {
  readonly path: string;
}

/** How far an application says that its writes are in the table. */
export interface Txn {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated?: number | null;
}

/** One line of the log; a line has one of these. What else there may be (commitInfo, cdc, domainMetadata) does not change the rows. */
export interface Action {
  readonly protocol?: Protocol | null;
  readonly metaData?: MetaData | null;
  readonly add?: AddFile | null;
  readonly remove?: RemoveFile | null;
  readonly sidecar?: Sidecar | null;
  readonly txn?: Txn | null;
}

type Shape = Readonly<Record<string, 'text' | 'number' | 'object' | 'list'>>;

const SHAPES: Readonly<Record<keyof Action, Shape>> = {
  protocol: { minReaderVersion: 'number', minWriterVersion: 'number' },
  metaData: { id: 'text', schemaString: 'text', partitionColumns: 'list' },
  add: { path: 'text', partitionValues: 'object', size: 'number' },
  remove: { path: 'text' },
  sidecar: { path: 'text' },
  txn: { appId: 'text', version: 'number' },
};

/** The actions of a commit: one JSON object a line. */
export function parseActions(text: string, file: string): Action[] {
  const actions: Action[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() !== '') actions.push(checkAction(parseLine(line, file, i + 1), `line ${i + 1} of ${file}`));
  });
  return actions;
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new PrecisError('delta', {
      found: `line ${number} of ${file} is not JSON`,
      expected: 'one action a line',
      action: 'restore the file from a copy, or read a version before it',
      details: [(error as Error).message],
    });
  }
}

/** Whoever reads on relies on these fields and on nothing else. */
export function checkAction(value: unknown, where: string): Action {
  if (!isObject(value)) throw notAnAction(where, 'it is no object');
  for (const [name, shape] of Object.entries(SHAPES)) {
    const action = value[name];
    if (action === undefined || action === null) continue;
    if (!isObject(action)) throw notAnAction(where, `${name} is no object`);
    for (const [field, kind] of Object.entries(shape)) {
      if (!isA(kind, action[field])) throw notAnAction(where, `${name}.${field} is missing or of the wrong kind`);
    }
  }
  return value as Action;
}

function notAnAction(where: string, why: string): PrecisError {
  return new PrecisError('delta', { found: `${where}: ${why}`, expected: 'an action of the Delta protocol' });
}

function isA(kind: Shape[string], value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  return kind === 'list' ? Array.isArray(value) : isObject(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
