import { nearestName } from '../../errors.js';
import { isTypeName, TYPE_NAMES } from '../contract/typeNames.js';
import type { ColumnContract, JobSpec } from '../types.js';
import type { SpecNode } from './node.js';
import { placeOf } from './placeOf.js';
import type { Problems } from './problems.js';

type Columns = Readonly<Record<string, Partial<ColumnContract>>>;
type Rows = { readonly min?: number; readonly max?: number };
interface ContractForm {
  readonly input?: { readonly columns?: Columns; readonly rows?: Rows };
  readonly output?: { readonly columns: Columns };
}

export function buildContract(
  { input, output }: ContractForm,
  root: SpecNode,
  problems: Problems,
): Pick<JobSpec, 'input' | 'result'> {
  const rows = input?.rows;
  if (rows?.min !== undefined && rows.max !== undefined && rows.min > rows.max) {
    problems.add(
      placeOf(root, 'contract.input.rows'),
      `contract.input.rows is at least ${rows.min} and at most ${rows.max}`,
    );
  }
  return {
    input: {
      columns: columnsOf(input?.columns, 'contract.input.columns', root, problems),
      rows: rows ? { min: rows.min ?? null, max: rows.max ?? null } : null,
    },
    result: { columns: columnsOf(output?.columns, 'contract.output.columns', root, problems) },
  };
}

function columnsOf(
  columns: Columns = {},
  path: string,
  root: SpecNode,
  problems: Problems,
): Record<string, ColumnContract> {
  const entries = Object.entries(columns).map(([name, contract]): [string, ColumnContract] => {
    const { type = null, maxNullShare = null, minLength = null, maxLength = null } = contract;
    const place = () => placeOf(root, `${path}.${name}`);
    if (type !== null && !isTypeName(type)) {
      const nearest = nearestName(type, TYPE_NAMES);
      const action = nearest === null ? undefined : `did you mean ${nearest}?`;
      problems.add(
        place(),
        `${path}.${name} has the type ${type}`,
        `one of ${TYPE_NAMES.slice(0, 4).join(', ')}, or as Arrow prints it, such as Int64`,
        action,
      );
    }
    if (minLength !== null && maxLength !== null && minLength > maxLength) {
      problems.add(place(), `${path}.${name} is at least ${minLength} and at most ${maxLength} long`);
    }
    return [name, { type, maxNullShare, minLength, maxLength }];
  });
  return Object.fromEntries(entries);
}
