import { PrecisError } from '../../errors.js';
import type { MetaData, Protocol } from './actions.js';
import { type DeltaField, type DeltaType, parseSchema } from './schemaString.js';
import type { Snapshot } from './snapshot.js';

/** What a write does to the files that are there: nothing, takes them all away, or rewrites some of their rows. */
export type WriteKind = 'append' | 'overwrite' | 'merge';

const READER_VERSION = 3;
const WRITER_VERSION = 7;

/** Features that a reader may meet, as long as nothing in the table uses those that `inUse` looks for. */
const READABLE = new Set([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
]);

/** Features that ask nothing of a writer, or only when `inUse` or `forbids` finds them at work. */
const WRITABLE = new Set([
  ...READABLE,
  'allowColumnDefaults',
  'appendOnly',
  'changeDataFeed',
  'checkConstraints',
  'domainMetadata',
  'generatedColumns',
  'identityColumns',
  'inCommitTimestamp',
  'invariants',
]);

/** What the writer versions below 7 stand for; from 7 on the features are listed instead. */
const FEATURES_SINCE: readonly (readonly [version: number, feature: string])[] = [
  [2, 'appendOnly'],
  [2, 'invariants'],
  [3, 'checkConstraints'],
  [4, 'changeDataFeed'],
  [4, 'generatedColumns'],
  [5, 'columnMapping'],
  [6, 'identityColumns'],
];

/** The protocol that a table of these columns needs: the one it has, if that will do. */
export function protocolFor(fields: readonly DeltaField[], protocol: Protocol | null): Protocol {
  const needsZoneless = allTypes(fields).includes('timestamp_ntz');
  if (!protocol && !needsZoneless) return { minReaderVersion: 1, minWriterVersion: 2 };
  const writerFeatures = protocol ? listedFeatures(protocol) : [];
  if (!needsZoneless || writerFeatures.includes('timestampNtz')) return protocol!;
  const { minReaderVersion = 0 } = protocol ?? {};
  const readerFeatures =
    minReaderVersion >= 3 ? (protocol?.readerFeatures ?? []) : minReaderVersion === 2 ? ['columnMapping'] : [];
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [...readerFeatures, 'timestampNtz'],
    writerFeatures: [...writerFeatures, 'timestampNtz'],
  };
}

function listedFeatures({ minWriterVersion, writerFeatures }: Protocol): readonly string[] {
  if (minWriterVersion >= 7) return writerFeatures ?? [];
  return FEATURES_SINCE.filter(([version]) => version <= minWriterVersion).map(([, feature]) => feature);
}

/** Refuses, by name, what would make us read wrong rows. */
export function checkReadable(snapshot: Snapshot): void {
  const { protocol, metaData, files, table } = snapshot;
  if (protocol.minReaderVersion > READER_VERSION) {
    throw unsupported(table, `reader version ${protocol.minReaderVersion}`, `at most ${READER_VERSION}`);
  }
  const features = protocol.minReaderVersion >= 3 ? (protocol.readerFeatures ?? []) : [];
  const unknown = features.filter((feature) => !READABLE.has(feature));
  if (unknown.length > 0)
    throw unsupported(table, names('reader feature', unknown), `any of ${[...READABLE].join(', ')}`);
  const fields = allFields(parseSchema(metaData.schemaString, table));
  const used = [...mappedColumns(metaData), ...fieldsWith(fields, ['delta.typeChanges'], 'typeWidening')];
  if (used.length > 0) throw unsupported(table, names('feature', used), 'a table that does not use it');
  const vectors = files.filter((file) => file.deletionVector).length;
  if (vectors > 0) {
    throw new PrecisError('delta', {
      found: `${table} uses the feature deletionVectors: ${vectors} of its ${files.length} files have rows that are marked as deleted`,
      expected: 'a table without deletion vectors',
      action: 'purge them first: REORG TABLE ... APPLY (PURGE)',
    });
  }
}

/** Refuses, by name, what this kind of write would have to do and we do not. Call `checkReadable` before it. */
export function checkWritable(snapshot: Snapshot, kind: WriteKind): void {
  const { protocol, metaData, table } = snapshot;
  if (protocol.minWriterVersion > WRITER_VERSION) {
    throw unsupported(table, `writer version ${protocol.minWriterVersion}`, `at most ${WRITER_VERSION}`);
  }
  const features = protocol.minWriterVersion >= 7 ? (protocol.writerFeatures ?? []) : [];
  const unknown = features.filter((feature) => !WRITABLE.has(feature));
  const used = [...unknown, ...featuresAtWork(metaData, table, kind)];
  if (used.length === 0) return;
  throw new PrecisError('delta', {
    found: `${table} uses the ${names('writer feature', used)}`,
    expected: `a table without ${used.length > 1 ? 'them' : 'it'} for ${kind === 'merge' ? 'a' : 'an'} ${kind}`,
    action: 'write to another table, or write this one with an engine that supports it',
  });
}

/** Protocol versions below 7 allow whole groups of features; only those that the table really uses matter. */
function featuresAtWork(metaData: MetaData, table: string, kind: WriteKind): string[] {
  const { configuration } = metaData;
  const isOn = (key: string) => configuration?.[key]?.toLowerCase() === 'true';
  const fields = allFields(parseSchema(metaData.schemaString, table));
  const used = [
    ...fieldsWith(fields, ['delta.invariants'], 'invariants'),
    ...fieldsWith(fields, ['delta.generationExpression'], 'generatedColumns'),
    ...fieldsWith(fields, ['delta.identity.start', 'delta.identity.step'], 'identityColumns'),
    ...fieldsWith(fields, ['__CHAR_VARCHAR_TYPE_STRING'], 'char/varchar lengths'),
  ];
  if (Object.keys(configuration ?? {}).some((key) => key.startsWith('delta.constraints.')))
    used.push('checkConstraints');
  if (isOn('delta.enableInCommitTimestamps')) used.push('inCommitTimestamp');
  if (isOn('delta.enableRowTracking')) used.push('rowTracking');
  if (isOn('delta.enableIcebergCompatV1') || isOn('delta.enableIcebergCompatV2')) used.push('icebergCompat');
  // Rows that are only added need no change file, and an overwrite is told by its removed files; an update is not.
  if (kind === 'merge' && isOn('delta.enableChangeDataFeed')) used.push('changeDataFeed');
  if (kind !== 'append' && isOn('delta.appendOnly')) used.push('appendOnly');
  return used;
}

function mappedColumns({ configuration }: MetaData): string[] {
  const mode = configuration?.['delta.columnMapping.mode'] ?? 'none';
  return mode === 'none' ? [] : [`columnMapping (mode ${mode})`];
}

function fieldsWith(fields: readonly DeltaField[], keys: readonly string[], feature: string): string[] {
  const found = fields
    .filter(({ metadata }) => keys.some((key) => metadata && key in metadata))
    .map(({ name }) => name);
  return found.length > 0 ? [`${feature} (column ${found.join(', ')})`] : [];
}

function allFields(fields: readonly DeltaField[]): DeltaField[] {
  return fields.flatMap((field) => [field, ...nestedFields(field.type)]);
}

function nestedFields(type: DeltaType): DeltaField[] {
  if (typeof type === 'string') return [];
  if (type.type === 'struct') return allFields(type.fields);
  if (type.type === 'array') return nestedFields(type.elementType);
  return [...nestedFields(type.keyType), ...nestedFields(type.valueType)];
}

function allTypes(fields: readonly DeltaField[]): string[] {
  const typesOf = (type: DeltaType): string[] => {
    if (typeof type === 'string') return [type];
    if (type.type === 'struct') return allTypes(type.fields);
    return type.type === 'array' ? typesOf(type.elementType) : [...typesOf(type.keyType), ...typesOf(type.valueType)];
  };
  return fields.flatMap(({ type }) => typesOf(type));
}

function names(kind: string, list: readonly string[]): string {
  return `${kind}${list.length > 1 ? 's' : ''} ${list.join(', ')}`;
}

function unsupported(table: string, found: string, expected: string): PrecisError {
  return new PrecisError('delta', { found: `${table} needs ${found}`, expected });
}
