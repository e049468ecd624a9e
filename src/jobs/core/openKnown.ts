import { readTable } from '../../table/open.js';
import { statIfThere } from '../../table/output/statIfThere.js';
import { deltaFolder } from '../../table/sinks.js';
import type { Table } from '../../table/table.js';
import { openAnswerCache } from '../cache/openAnswerCache.js';
import { allColumns } from '../carry/compose.js';
import { openPrevious } from '../incremental/openPrevious.js';
import type { KnownRows } from '../known.js';
import type { JobSpec } from '../types.js';
import { CACHED, CARRIED } from './flags.js';
import type { JobHistory } from './history.js';
import { historiesOf } from './lookAt.js';
import type { OpenWork } from './openWork.js';
import type { Session } from './session.js';
import { canonical } from './work.js';

/** Answers from before, in the order in which they are believed. */
export type KnownSources = readonly { readonly flag: number; readonly rows: KnownRows }[];

export async function openKnown(session: Session, opened: OpenWork): Promise<KnownSources> {
  const { incremental, cache } = session.history.spec;
  return [
    ...(incremental ? [{ flag: CARRIED, rows: await openLast(session, opened) }] : []),
    ...(cache ? [{ flag: CACHED, rows: openCache(session, opened) }] : []),
  ];
}

/** What the last job of the same output published, if it was made by the same models and options. */
async function openLast({ history, how }: Session, { table, functions }: OpenWork): Promise<KnownRows> {
  const { spec, work } = history;
  const last = lastPublished(history);
  const output = last === null ? null : await outputOf(spec, last.published?.version ?? null);
  return openPrevious({
    output,
    version: last?.published?.version ?? null,
    source: table,
    key: spec.key,
    columns: spec.columns.map(({ name, text }, at) => ({ name, texts: [text].flat(), details: functions[at].details })),
    errorColumn: spec.output.errorColumn,
    isSameWork: last !== null && canonical(last.work.columns) === canonical(work.columns),
    signal: how.signal,
  });
}

function lastPublished({ id, spec }: JobHistory): JobHistory | null {
  const others = historiesOf().filter((other) => other.id !== id && other.spec.output.path === spec.output.path);
  return others.find(({ state, published }) => state === 'done' && published !== null) ?? null;
}

async function outputOf({ output }: JobSpec, version: number | null): Promise<Table | null> {
  const { path, format, delimiter, header } = output;
  if (statIfThere(deltaFolder(path, { format: format ?? undefined }) ?? path) === undefined) return null;
  return readTable(path, {
    ...(format !== null && { format }),
    ...(version !== null && { version }),
    ...(delimiter !== null && { delimiter }),
    ...(!header && { header }),
  });
}

/** A column's answers follow from its texts, its model, its function and its options. */
function openCache(session: Session, { functions }: OpenWork): KnownRows {
  const { spec, work } = session.history;
  const parts = spec.columns.map(({ fn, text }, at) => {
    const { uri, modelHash, precision, options } = work.columns[at];
    return openAnswerCache({
      namespace: canonical({ fn, model: modelHash ?? uri, precision, options }),
      details: functions[at].details,
      texts: [text].flat(),
      warn: (line) => session.tell(line),
    });
  });
  return parts.length === 1 ? parts[0] : allColumns(parts);
}
