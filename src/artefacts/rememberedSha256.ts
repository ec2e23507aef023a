import { FileMemory } from './files/fileMemory.ts';
import { sha256OfFile } from './sidecar.ts';

const memory = new FileMemory<string | null>();

/**
 * SHA-256 of a file as `sha256OfFile` gives it, read once for as long as the file stays the same (`FileMemory`).
 *
 * @param read what reads the file.
 */
export function rememberedSha256(path: string, read = sha256OfFile): Promise<string | null> {
  return memory.recall(path, read);
}
