import { type RecordBatch, Schema } from 'apache-arrow';
import { jointMetadata } from '../output/appendSink.js';
import type { Sink, Source, WriteOptions, WriteResult } from '../types.js';
import { Updates } from './merge.js';

/** Writes columns back into rows of a file that are found by key. The file is written anew when all of them are known. */
export function createFileMergeSink(
  target: Source,
  source: Schema,
  options: WriteOptions,
  create: (schema: Schema) => Promise<Sink>,
): Sink {
  const present = target.schema.fields.map(({ name }) => String(name));
  const lacking = source.fields.map(({ name }) => String(name)).filter((name) => !present.includes(name));
  const how = { key: options.mergeKey ?? [], columns: options.mergeColumns ?? lacking, label: target.label };
  const updates = new Updates(source, target.schema, how);
  return {
    async write(batch: RecordBatch): Promise<void> {
      options.signal?.throwIfAborted();
      updates.add(batch);
      options.onRows?.(updates.rows);
    },
    async publish(): Promise<WriteResult> {
      const sink = await create(new Schema(updates.schema.fields, jointMetadata(updates.schema, source)));
      try {
        const pass = updates.pass();
        for await (const batch of target.batches({ signal: options.signal })) await sink.write(pass.apply(batch));
        pass.finish();
      } catch (error) {
        await sink.abort();
        throw error;
      }
      return { ...(await sink.publish()), rows: updates.rows };
    },
    async abort(): Promise<void> {},
  };
}
