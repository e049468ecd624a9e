import fs from 'node:fs';
import path from 'node:path';
import { Int32, Utf8 } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { batchWith, writeDelta } from './rows.js';
import { problemOf, rowsOf, temporaryFolder } from './support.js';

type Json = Record<string, unknown>;
interface Change {
  readonly protocol?: Json;
  readonly configuration?: Json;
  /** Of the column `id`. */
  readonly metadata?: Json;
  readonly add?: Json;
}

const BATCH = batchWith({ id: [new Int32(), [1, 2]], text: [new Utf8(), ['a', 'b']] });

/** A table of ours whose first commit is then changed by hand. */
async function tableWith({ protocol, configuration, metadata, add }: Change): Promise<string> {
  const table = path.join(temporaryFolder(), 'table');
  await writeDelta(table, [BATCH]);
  const file = path.join(table, '_delta_log/00000000000000000000.json');
  const lines = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const line of lines) {
    if (line.protocol) Object.assign(line.protocol, protocol);
    if (line.add) Object.assign(line.add, add);
    if (!line.metaData) continue;
    Object.assign(line.metaData.configuration, configuration);
    const schema = JSON.parse(line.metaData.schemaString);
    Object.assign(schema.fields[0].metadata, metadata);
    line.metaData.schemaString = JSON.stringify(schema);
  }
  fs.writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return table;
}

const reader = (...features: string[]) => ({
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: features,
  writerFeatures: features,
});
const writer = (...features: string[]) => ({ minReaderVersion: 1, minWriterVersion: 7, writerFeatures: features });

describe('what would be read wrongly is refused by name', () => {
  test.for<[name: string, change: Change, message: RegExp]>([
    ['a newer reader version', { protocol: { minReaderVersion: 4 } }, /needs reader version 4, expected at most 3$/],
    [
      'an unknown feature',
      { protocol: reader('variantType', 'timestampNtz') },
      /needs reader feature variantType, expected any of/,
    ],
    [
      'two of them',
      { protocol: reader('catalogManaged', 'tomorrow') },
      /needs reader features catalogManaged, tomorrow,/,
    ],
    [
      'column mapping',
      { protocol: { minReaderVersion: 2, minWriterVersion: 5 }, configuration: { 'delta.columnMapping.mode': 'name' } },
      /needs feature columnMapping \(mode name\), expected a table that does not use it$/,
    ],
    [
      'type widening',
      {
        protocol: reader('typeWidening'),
        metadata: { 'delta.typeChanges': [{ fromType: 'short', toType: 'integer' }] },
      },
      /needs feature typeWidening \(column id\)/,
    ],
    [
      'deletion vectors',
      {
        protocol: reader('deletionVectors'),
        add: { deletionVector: { storageType: 'u', pathOrInlineDv: 'x', offset: 1 } },
      },
      /uses the feature deletionVectors: 1 of its 1 files have rows that are marked as deleted, .*; purge them first/,
    ],
  ])('%s', async ([, change, message]) => {
    expect((await problemOf(openDelta(await tableWith(change)))).message).toMatch(message);
  });

  test.for<[name: string, change: Change]>([
    [
      'deletion vectors',
      { protocol: reader('deletionVectors'), configuration: { 'delta.enableDeletionVectors': 'true' } },
    ],
    ['column mapping', { protocol: reader('columnMapping'), configuration: { 'delta.columnMapping.mode': 'none' } }],
    [
      'type widening, v2 checkpoints, vacuum checks',
      { protocol: reader('typeWidening', 'v2Checkpoint', 'vacuumProtocolCheck') },
    ],
    ['writer features alone', { protocol: writer('rowTracking', 'tomorrow') }],
  ])('%s that nothing uses can be read', async ([, change]) => {
    expect(await rowsOf(await openDelta(await tableWith(change)))).toHaveLength(2);
  });
});

describe('what we would have to do as a writer and do not is refused by name', () => {
  const writes = ['append', 'overwrite', 'merge'] as const;
  test.for<[name: string, change: Change, message: RegExp, allowed?: readonly string[]]>([
    ['a newer writer version', { protocol: { minWriterVersion: 8 } }, /needs writer version 8, expected at most 7$/],
    [
      'features',
      { protocol: writer('rowTracking', 'icebergCompatV2') },
      /uses the writer features rowTracking, icebergCompatV2, expected a table without them for an? (append|overwrite|merge); write to another/,
    ],
    [
      'clustering',
      { protocol: writer('domainMetadata', 'clustering') },
      /uses the writer feature clustering, expected a table without it/,
    ],
    [
      'check constraints',
      { protocol: { minWriterVersion: 3 }, configuration: { 'delta.constraints.c': 'id > 0' } },
      /writer feature checkConstraints,/,
    ],
    ['invariants', { metadata: { 'delta.invariants': '{}' } }, /writer feature invariants \(column id\),/],
    [
      'generated columns',
      { protocol: { minWriterVersion: 4 }, metadata: { 'delta.generationExpression': '1' } },
      /generatedColumns \(column id\),/,
    ],
    [
      'identity columns',
      { protocol: { minWriterVersion: 6 }, metadata: { 'delta.identity.start': 1 } },
      /identityColumns \(column id\),/,
    ],
    [
      'lengths of texts',
      { metadata: { __CHAR_VARCHAR_TYPE_STRING: 'varchar(3)' } },
      /char\/varchar lengths \(column id\),/,
    ],
    [
      'commit times',
      { configuration: { 'delta.enableInCommitTimestamps': 'true' } },
      /writer feature inCommitTimestamp,/,
    ],
    ['row tracking', { configuration: { 'delta.enableRowTracking': 'true' } }, /writer feature rowTracking,/],
    ['iceberg', { configuration: { 'delta.enableIcebergCompatV1': 'true' } }, /writer feature icebergCompat,/],
    [
      'append only',
      { configuration: { 'delta.appendOnly': 'true' } },
      /writer feature appendOnly, expected a table without it for an? (overwrite|merge);/,
      ['append'],
    ],
    [
      'change data feed',
      { configuration: { 'delta.enableChangeDataFeed': 'true' } },
      /writer feature changeDataFeed, expected a table without it for a merge;/,
      ['append', 'overwrite'],
    ],
    [
      'features that ask nothing of us',
      { protocol: writer('appendOnly', 'invariants', 'checkConstraints', 'domainMetadata', 'allowColumnDefaults') },
      /never/,
      writes,
    ],
    ['deletion vectors that are not in use', { protocol: reader('deletionVectors') }, /never/, writes],
    ['the versions of old', { protocol: { minWriterVersion: 6 } }, /never/, writes],
  ])('%s', async ([, change, message, allowed = []]) => {
    const table = await tableWith(change);
    for (const mode of writes) {
      const before = fs.readdirSync(table, { recursive: true }).sort();
      const updated = batchWith({ id: [new Int32(), [2]], text: [new Utf8(), [mode]] });
      const written = writeDelta(table, [updated], { mode, mergeKey: ['id'], mergeColumns: ['text'] });
      if (allowed.includes(mode)) {
        await written;
        continue;
      }
      expect((await problemOf(written)).message).toMatch(message);
      expect(fs.readdirSync(table, { recursive: true }).sort()).toEqual(before);
    }
  });
});
