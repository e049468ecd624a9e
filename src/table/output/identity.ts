import fs from 'node:fs';
import type { FileIdentity } from '../types.js';
import { realTarget } from './realTarget.js';

export function identityOf(file: string): FileIdentity {
  const { dev, ino, size, mtimeNs } = fs.statSync(file, { bigint: true });
  return { device: String(dev), inode: String(ino), size: String(size), modified: String(mtimeNs) };
}

/**
 * Whether a target is the very file that `onReady` told of: a rename or a link keeps the inode. Inodes are used again, hence size and
 * time; a device may have another number after a restart, so it does not count.
 */
export function isPublished(target: string, identity: FileIdentity): boolean {
  const found = identityIfThere(realTarget(target));
  if (!found) return false;
  return found.inode === identity.inode && found.size === identity.size && found.modified === identity.modified;
}

function identityIfThere(file: string): FileIdentity | null {
  try {
    return identityOf(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
