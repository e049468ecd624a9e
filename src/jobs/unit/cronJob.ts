import { stringify } from 'yaml';
import { PrecisError } from '../../errors.js';
import { type CronFields, cronFields } from './cronFields.js';
import { AFTER_DEADLINE, NOT_AGAIN, plainName, STOP_SECONDS, type Unit, type UnitOptions } from './types.js';

export interface CronJobOptions extends UnitOptions {
  /** The container's image, which has precis in it. */
  readonly image: string;
  /** Text of the spec, mounted as a file where `args` name it; null: it is in the image or on the volume. */
  readonly spec?: { readonly path: string; readonly text: string } | null;
  /** The claim of the volume that is PRECIS_HOME: without it a run that was killed starts anew. */
  readonly claim: string;
  readonly namespace?: string;
  readonly resources?: { readonly cpu: string; readonly memory: string };
}

const HOME = '/var/lib/precis';
/** Kubernetes stops for good after 100 missed starts unless it is told how far to look back. */
const LOOK_BACK = { skip: 300, 'run-once': 86_400 };

/** A CronJob, with the spec in a ConfigMap beside it. */
export function cronJob(options: CronJobOptions): Unit {
  const name = `precis-${plainName(options.name, 45)}`;
  const documents = [...(options.spec ? [configMap(name, options, options.spec)] : []), cronJobObject(name, options)];
  // No line is folded: a reader of another YAML may fold differently.
  const text = documents.map((document) => stringify(document, { lineWidth: 0, version: '1.1' })).join('---\n');
  return { files: [{ file: `${name}.yaml`, text }], notes: notes(options) };
}

function metadata(name: string, { namespace }: CronJobOptions): object {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { 'app.kubernetes.io/name': 'precis', 'app.kubernetes.io/instance': name },
  };
}

function configMap(name: string, options: CronJobOptions, spec: { path: string; text: string }): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(name, options),
    data: { [fileName(spec.path)]: spec.text },
  };
}

function cronJobObject(name: string, options: CronJobOptions): object {
  const { timezone = null, missed = 'skip', deadline = null } = options;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(name, options),
    spec: {
      schedule: kubernetesSchedule(options.cron),
      ...(timezone === null ? {} : { timeZone: timezone }),
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: LOOK_BACK[missed],
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          ...(deadline === null ? {} : { activeDeadlineSeconds: Math.ceil(deadline) + AFTER_DEADLINE }),
          podFailurePolicy: {
            rules: [
              { action: 'FailJob', onExitCodes: { containerName: 'precis', operator: 'In', values: NOT_AGAIN } },
              // A node that is drained is no failure of the job.
              { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
            ],
          },
          template: { metadata: { labels: { 'app.kubernetes.io/instance': name } }, spec: podSpec(name, options) },
        },
      },
    },
  };
}

function podSpec(name: string, { image, args, spec, claim, environment = {}, resources }: CronJobOptions): object {
  const variables = { PRECIS_HOME: HOME, ...environment };
  return {
    // What a failure policy asks for: the job makes a new pod, which resumes.
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: STOP_SECONDS,
    containers: [
      {
        name: 'precis',
        image,
        command: ['precis'],
        args: args.map(literal),
        env: Object.entries(variables).map(([key, value]) => ({ name: key, value: literal(value) })),
        ...(resources ? { resources: { requests: resources, limits: { memory: resources.memory } } } : {}),
        volumeMounts: [
          { name: 'home', mountPath: HOME },
          ...(spec ? [{ name: 'spec', mountPath: spec.path, subPath: fileName(spec.path), readOnly: true }] : []),
        ],
      },
    ],
    volumes: [
      { name: 'home', persistentVolumeClaim: { claimName: claim } },
      ...(spec ? [{ name: 'spec', configMap: { name } }] : []),
    ],
  };
}

/** Kubernetes replaces $(NAME) in arguments and variables unless the $ is doubled. */
function literal(text: string): string {
  return text.replaceAll('$(', '$$(');
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function kubernetesSchedule(cron: string): string {
  const fields = cronFields(cron);
  if (fields.seconds.length !== 1 || fields.seconds[0] !== 0) {
    throw new PrecisError('config', {
      found: `the schedule ${JSON.stringify(cron)}, which counts seconds`,
      expected: 'five fields: Kubernetes starts jobs at whole minutes',
    });
  }
  return fiveFields(cron, fields);
}

/** As it was written where Kubernetes reads it alike; else, in a week that ends with day 7, by its numbers. */
function fiveFields(cron: string, { weekdays }: CronFields): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 1) return fields[0].toLowerCase();
  const five = fields.slice(-5);
  if (/7/.test(five[4]) && weekdays !== null) five[4] = weekdays.join(',');
  return five.join(' ');
}

function notes({ missed = 'skip', jitterSeconds = 0, onFailure, timezone = null, claim }: CronJobOptions): string[] {
  const notes = [`the volume claim ${claim} has to be there: it keeps what an interrupted run has done`];
  if (timezone === null) notes.push('without a time zone the schedule is in that of the cluster, mostly UTC');
  if (jitterSeconds > 0) notes.push('Kubernetes knows no jitter: runs begin when they are due');
  if (missed === 'run-once') notes.push('a due time is made up for within a day');
  if (onFailure) notes.push('precis runs the command for failures itself, not if its container is killed');
  return notes;
}
