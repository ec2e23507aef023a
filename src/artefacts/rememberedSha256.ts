import { stat } from 'node:fs/promises';
import { sha256OfFile } from './sidecar.ts';

/** By path, what the file was when its bytes were read, and what they came to. */
const remembered = new Map<string, { readonly mark: string; readonly sha256: Promise<string | null> }>();

/**
 * SHA-256 of a file as `sha256OfFile` gives it, read once for as long as the file stays the same by inode, size, and times
 * of change. For questions that are asked every few seconds; whoever relies on the bytes reads them.
 *
 * @param read what reads the file.
 */
export async function rememberedSha256(path: string, read = sha256OfFile): Promise<string | null> {
  const mark = await markOf(path);
  if (mark === null) {
    remembered.delete(path);
    return null;
  }
  const known = remembered.get(path);
  if (known?.mark === mark) return known.sha256;
  // Looked at before it is read: a change meanwhile gives the next question another mark.
  const sha256 = read(path);
  remembered.set(path, { mark, sha256 });
  sha256.catch(() => remembered.delete(path));
  return sha256;
}

/** Null where there is no such file. The time of the last change of the inode cannot be set back, that of the content can. */
async function markOf(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
