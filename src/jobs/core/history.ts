import { PrecisError } from '../../errors.js';
import type { FileIdentity } from '../../table/types.js';
import type { JobSpec, JobState } from '../types.js';
import type {
  Counts,
  JournalRecord,
  PartitionDone,
  PlannedRecord,
  PublishedRecord,
  RunFigures,
} from './journalRecords.js';
import type { Work } from './work.js';

const NO_COUNTS: Counts = {
  rows: 0,
  succeeded: 0,
  failed: 0,
  filtered: 0,
  carried: 0,
  cached: 0,
  retried: 0,
  truncated: 0,
  inputTokens: 0,
  outputTokens: 0,
};
const COUNTS = Object.keys(NO_COUNTS) as (keyof Counts)[];

/** What a journal says, put together line by line. */
export class JobHistory {
  readonly id: string;
  readonly createdAt: string;
  startedAt: string | null = null;
  endedAt: string | null = null;
  /** `running` also if the process was killed: whether it lives is for its lock to say. */
  state: JobState = 'planned';
  problem: string | null = null;
  spec: JobSpec;
  work: Work;
  runs = 0;
  /** From the first on, without a gap. */
  readonly partitions: PartitionDone[] = [];
  /** Of all of them. */
  totals: Counts = NO_COUNTS;
  /** The number of the publication that was made last or is under way; 0 before the first. */
  generation = 0;
  /** Files of that publication that were complete under their temporary names. */
  readonly publishing = new Map<string, FileIdentity>();
  /** The last publication; of an earlier generation while a new one is under way. */
  published: PublishedRecord | null = null;
  /** Of each run that ended by itself. */
  readonly figures: RunFigures[] = [];

  constructor({ id, at, spec, work }: PlannedRecord) {
    this.id = id;
    this.createdAt = at;
    this.spec = spec;
    this.work = work;
  }

  /** `file` names the journal in messages. */
  static of(records: readonly JournalRecord[], file: string): JobHistory {
    const [first, ...others] = records;
    if (first?.kind !== 'planned') {
      throw new PrecisError('journal', {
        found: `${file} does not begin with the plan of a job`,
        expected: 'a journal that precis wrote',
        action: 'remove the folder of this job and run it again',
      });
    }
    const history = new JobHistory(first);
    for (const record of others) history.apply(record);
    return history;
  }

  apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'planned':
        break;
      case 'run':
        this.runs++;
        this.startedAt ??= record.at;
        this.endedAt = null;
        this.problem = null;
        this.state = 'running';
        this.work = record.work ?? this.work;
        this.spec = record.spec ?? this.spec;
        break;
      case 'partition':
        this.count(this.partitions[record.partition], -1);
        this.partitions[record.partition] = record;
        this.count(record, 1);
        break;
      case 'discarded':
        for (const partition of this.partitions.splice(record.from)) this.count(partition, -1);
        break;
      case 'publishing':
        if (record.generation !== this.generation) this.publishing.clear();
        this.generation = record.generation;
        this.publishing.set(record.target, record.identity);
        break;
      case 'published':
        this.published = record;
        this.generation = record.generation;
        break;
      case 'ended':
        this.state = record.state;
        this.problem = record.problem;
        this.endedAt = record.at;
        this.figures.push(record.figures);
        break;
    }
  }

  private count(counts: Counts | undefined, sign: 1 | -1): void {
    if (counts === undefined) return;
    const { totals } = this;
    this.totals = Object.fromEntries(
      COUNTS.map((name) => [name, totals[name] + sign * counts[name]]),
    ) as unknown as Counts;
  }
}
