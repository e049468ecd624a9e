import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { requireColumn, requireText } from '../../table/columns.js';
import { openSink } from '../../table/open.js';
import { refuseOwnInput } from '../../table/output/ownInput.js';
import { deltaFolder } from '../../table/sinks.js';
import { checkManifest } from '../contract/manifest.js';
import { checkInputSchema, checkResultSchema } from '../contract/schema.js';
import { createJournal } from '../journal/journal.js';
import { createJob } from '../store.js';
import type { JobSpec } from '../types.js';
import { compileWhere } from '../where/compile.js';
import type { JournalRecord } from './journalRecords.js';
import { LINEAGE_FIELDS } from './lineage.js';
import { type OpenWork, openWork } from './openWork.js';
import { outputSchema } from './outputRows.js';
import { now } from './session.js';

/** Looks at all that can be wrong with a job before anything runs; what it opens is closed by the caller. */
export async function checkJob(spec: JobSpec): Promise<OpenWork> {
  const opened = await openWork(spec, null);
  try {
    const { table, functions } = opened;
    const { schema, label } = table;
    for (const { fn, text } of spec.columns) {
      for (const name of [text].flat()) (fn === 'module' ? requireColumn : requireText)(schema, name, label);
    }
    for (const name of spec.key) requireColumn(schema, name, label);
    checkInputSchema(spec, schema, label);
    const { manifest, path: location } = spec.source;
    if (manifest !== null) await checkManifest(manifest, { location, files: table.files });
    if (spec.lineage)
      refuseReserved(
        spec,
        schema.fields.map(({ name }) => String(name)),
      );
    const target = outputSchema(schema, spec, functions, new Map());
    checkResultSchema(spec, target, spec.output.path);
    for (const { where } of spec.routes) compileWhere(where, target);
    refuseInputs(spec, table.files);
    await tryOutput(spec, target);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export interface PlannedJob {
  readonly id: string;
  /** For the run that follows; closed by it. */
  readonly opened: OpenWork;
}

/** Plans a job: from here on it has an id, and whatever happens to it is in its journal. */
export async function planJob(spec: JobSpec): Promise<PlannedJob> {
  const opened = await checkJob(spec);
  try {
    const { id } = await createJob((folder, id) => {
      const planned = { kind: 'planned', id, at: now(), spec, work: opened.work } as const;
      createJournal<JournalRecord>(path.join(folder, 'journal'), planned).close();
      fs.mkdirSync(path.join(folder, 'segments'));
    });
    return { id, opened };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function refuseReserved({ columns }: JobSpec, source: readonly string[]): void {
  const reserved = LINEAGE_FIELDS.map(({ name }) => String(name));
  const taken = [...source, ...columns.map(({ name }) => name)].find((name) => reserved.includes(name));
  if (taken === undefined) return;
  throw new PrecisError('job', {
    found: `a column ${taken}, which lineage makes itself`,
    expected: 'another name',
    action: 'rename it or switch lineage off',
  });
}

function refuseInputs({ output, routes }: JobSpec, files: readonly string[]): void {
  const targets = [output.path, ...routes.map((route) => route.output)];
  for (const target of targets) {
    if (target === output.path && output.mode === 'merge') continue;
    refuseOwnInput(target, deltaFolder(target, { format: output.format ?? undefined }) ?? target, files);
  }
  const twice = targets.find((target, at) => targets.indexOf(target) !== at);
  if (twice !== undefined) {
    throw new PrecisError('job', { found: `${twice} is written twice`, expected: 'an output of its own for each' });
  }
}

/** What would keep the output from being written is said before hours of work, not after. */
async function tryOutput({ output, key, columns }: JobSpec, schema: Parameters<typeof openSink>[1]): Promise<void> {
  const { path: target, mode, format, delimiter, header } = output;
  const sink = await openSink(target, schema, {
    mode: mode === 'create' ? 'error' : mode,
    ...(mode === 'merge' && { mergeKey: key, mergeColumns: columns.map(({ name }) => name) }),
    ...(format !== null && { format }),
    ...(delimiter !== null && { delimiter }),
    ...(!header && { header }),
  });
  await sink.abort();
}
