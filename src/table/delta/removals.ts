import type { Action, AddFile, RemoveFile } from './actions.js';

/** What takes files out of the table; they stay on the disk for readers of earlier versions. */
export function removals(files: readonly AddFile[]): Action[] {
  const deletionTimestamp = Date.now();
  return files.map(({ path, partitionValues, size }) => {
    const remove: RemoveFile = {
      path,
      deletionTimestamp,
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues,
      size,
    };
    return { remove };
  });
}
