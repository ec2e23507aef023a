import { stat } from 'node:fs/promises';

interface Known<Content> {
  readonly mark: string;
  readonly content: Promise<Content>;
}

/**
 * What files held when they were read, each read once for as long as it stays the same by inode, size, and times of change.
 * For questions that are asked every few seconds; whoever decides by a file reads it. What is given is shared: nobody may
 * change it.
 */
export class FileMemory<Content> {
  readonly #known = new Map<string, Known<Content>>();

  /** What the file holds, or null where there is none. Throws what `read` throws; that is not remembered. */
  async recall(path: string, read: (path: string) => Promise<Content>): Promise<Content | null> {
    const mark = await markOf(path);
    if (mark === null) {
      this.#known.delete(path);
      return null;
    }
    const known = this.#known.get(path);
    if (known?.mark === mark) return known.content;
    // Looked at before it is read: a change meanwhile gives the next question another mark.
    const content = read(path);
    this.#known.set(path, { mark, content });
    content.catch(() => this.#known.delete(path));
    return content;
  }
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
