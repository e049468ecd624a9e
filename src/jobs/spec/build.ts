import { SHIPPED_MODEL } from '../../engine/builtin/shippedModel.js';
import type { GenerationOptions } from '../../engine/types.js';
import type { JobSpec, OutputSpec, SourceSpec } from '../types.js';
import { buildColumns } from './buildColumns.js';
import { buildContract } from './buildContract.js';
import type { SpecNode } from './node.js';
import { isGiven, placeOf } from './placeOf.js';
import type { Problems } from './problems.js';

type Values = Readonly<Record<string, unknown>>;

/** A form whose fields are right by themselves, made complete; what does not go together is told. */
export function buildSpec(form: Values, root: SpecNode, name: string | null, problems: Problems): JobSpec {
  const source = form.source as Values;
  const key = keyOf(form, root, problems);
  const output = buildOutput(form, root, problems);
  const { maxRetries = 3, timeout = null } = (form.retry ?? {}) as { maxRetries?: number; timeout?: number };
  const { nulls = false, blank = false, shorterThan = 0 } = (form.filter ?? {}) as Partial<JobSpec['filter']>;
  const incremental = form.incremental !== undefined && form.incremental !== false;
  const needsKey = output.mode === 'merge' ? 'output.mode' : incremental ? 'incremental' : null;
  if (needsKey && !['key', 'output.key', 'incremental.key'].some((path) => isGiven(root, path))) {
    const found = needsKey === 'incremental' ? 'an incremental job' : 'output.mode merge';
    problems.add(placeOf(root, needsKey), `${found} without a key`, 'key: the columns that name a row');
  }
  const spec: JobSpec = {
    name: (form.name as string) ?? name,
    owner: (form.owner as string) ?? null,
    source: buildSource(source, root, problems),
    columns: buildColumns(form, root, problems),
    output,
    key,
    engine: {
      model: (form.model as string) ?? SHIPPED_MODEL,
      generation: (form.generation ?? {}) as GenerationOptions,
      workers: (form.workers as number) ?? null,
      devices: (form.devices as string[]) ?? null,
      isolation: (form.isolation as 'process' | 'thread') ?? 'process',
    },
    partitionRows: (form.partitionRows as number) ?? null,
    retry: { maxRetries, timeout },
    fallbackModel: (form.fallbackModel as string) ?? null,
    errorThreshold: (form.errorThreshold as number) ?? -1,
    partitionErrorThreshold: (form.partitionErrorThreshold as number) ?? 0,
    filter: { nulls, blank, shorterThan },
    incremental,
    cache: (form.cache as boolean) ?? false,
    lineage: (form.lineage as boolean) ?? false,
    ...buildContract((form.contract ?? {}) as Values, root, problems),
    cost: costOf(form, root, problems),
    routes: (form.routes as JobSpec['routes']) ?? [],
    deadline: (form.deadline as number) ?? null,
    onFailure: (form.onFailure as string) ?? null,
  };
  refuseEqualPlaces(spec, root, problems);
  return spec;
}

function buildSource(source: Values, root: SpecNode, problems: Problems): SourceSpec {
  const { path, format, version, delimiter, header, limit, manifest } = source as Partial<SourceSpec>;
  const sample = source.sample as { readonly rows: number; readonly seed?: number } | undefined;
  if (limit !== undefined && sample !== undefined) {
    problems.add(placeOf(root, 'source.sample'), 'source.limit and source.sample are given', 'one of them');
  }
  return {
    path: path as string,
    format: format ?? null,
    version: version ?? null,
    delimiter: delimiter ?? null,
    header: header ?? true,
    limit: limit ?? null,
    sample: sample ? { rows: sample.rows, seed: sample.seed ?? 0 } : null,
    manifest: manifest?.map(({ file, rows, sha256 }) => ({ file, rows: rows ?? null, sha256: sha256 ?? null })) ?? null,
  };
}

function buildOutput(form: Values, root: SpecNode, problems: Problems): OutputSpec {
  const output = (form.output ?? {}) as Partial<OutputSpec>;
  const source = (form.source as Values).path as string;
  const mode = output.mode ?? 'create';
  const errorColumn = output.errorColumn ?? null;
  const path = output.path ?? (mode === 'merge' && source !== '-' ? source : undefined);
  const isWrong = isGiven(root, 'output.path') || (output.path === undefined && mode === 'merge' && source !== '-');
  if (path === undefined && !isWrong && (form.output !== undefined || !isGiven(root, 'output'))) {
    problems.add(placeOf(root, 'output'), 'output is missing', 'a file, a Delta folder or a table name');
  }
  if (errorColumn !== null && output.keepFailed === false) {
    const found = 'output.errorColumn with keepFailed false';
    problems.add(placeOf(root, 'output.errorColumn'), found, 'rows for it: keepFailed true');
  }
  return {
    path: path ?? '',
    format: output.format ?? null,
    mode,
    delimiter: output.delimiter ?? null,
    header: output.header ?? true,
    keepFailed: output.keepFailed ?? errorColumn !== null,
    keepFiltered: output.keepFiltered ?? false,
    errorColumn,
  };
}

/** The key may be said where it is needed; all that say one have to say the same. */
function keyOf(form: Values, root: SpecNode, problems: Problems): readonly string[] {
  const places: readonly [string, unknown][] = [
    ['key', form.key],
    ['output.key', (form.output as Values | undefined)?.key],
    ['incremental.key', (form.incremental as Values | undefined)?.key],
  ];
  const given = places.filter(([, key]) => key !== undefined) as [string, string[]][];
  for (const [path, key] of given) {
    if (key.join('\n') !== given[0][1].join('\n')) {
      problems.add(
        placeOf(root, path),
        `${path} is ${key.join(', ')}`,
        `${given[0][1].join(', ')}, as ${given[0][0]} says`,
      );
    }
    if (new Set(key).size < key.length) problems.add(placeOf(root, path), `${path} names a column twice`, 'each once');
  }
  return given[0]?.[1] ?? [];
}

function costOf(form: Values, root: SpecNode, problems: Problems): JobSpec['cost'] {
  const cost = form.cost as { readonly perThousandTokens: number; readonly max?: number } | undefined;
  const most = form.maxCost as number | undefined;
  if (most !== undefined && !isGiven(root, 'cost')) {
    problems.add(placeOf(root, 'maxCost'), 'maxCost without cost.perThousandTokens', 'what tokens cost');
  }
  if (most !== undefined && cost?.max !== undefined && cost.max !== most) {
    problems.add(placeOf(root, 'maxCost'), `maxCost is ${most} and cost.max is ${cost.max}`, 'one of them');
  }
  return cost ? { perThousandTokens: cost.perThousandTokens, max: cost.max ?? most ?? null } : null;
}

function refuseEqualPlaces({ columns, output, routes }: JobSpec, root: SpecNode, problems: Problems): void {
  const taken = new Map([[output.path, 'output']]);
  routes.forEach((route, i) => {
    const path = `routes.${i}.output`;
    const other = taken.get(route.output);
    if (other) problems.add(placeOf(root, path), `${path} is ${route.output}`, `another table than that of ${other}`);
    taken.set(route.output, path);
  });
  if (output.errorColumn !== null && columns.some(({ name }) => name === output.errorColumn)) {
    problems.add(
      placeOf(root, 'output.errorColumn'),
      `output.errorColumn is ${output.errorColumn}`,
      'another name than those of the columns',
    );
  }
}
